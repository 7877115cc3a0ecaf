import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { clientCredentials, type ClientCredentialsOptions } from '../../src/clients/auth/client-credentials.ts'
import { createClient } from '../../src/clients/client.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, type Line, scripted } from '../support/scripted.ts'

const tokenAnswer = (members: object) => async () => Response.json({ token_type: 'Bearer', ...members })

function world(tokenLine: Line, options: Partial<ClientCredentialsOptions> = {}) {
  const clock = virtualClock()
  const server = scripted(clock, tokenLine)
  const provider = scripted(clock, 204)
  const layer = clientCredentials({
    tokenUrl: 'https://auth.test/token',
    clientId: 'shop',
    clientSecret: 'CANARY-5e',
    fetch: server,
    clock,
    ...options,
  })
  return { clock, server, provider, client: layer(provider) }
}

describe('clientCredentials', () => {
  test('gets a token by the grant and sends it', async () => {
    const { clock, server, provider, client } = world(tokenAnswer({ access_token: 'at-1', expires_in: 600 }), {
      scope: 'orders:read',
      parameters: { audience: 'https://api.test' },
    })

    await clock.run(() => client(get()))

    const [asked] = server.requests
    expect(asked?.method).toBe('POST')
    expect(asked?.headers.get('authorization')).toBe(`Basic ${btoa('shop:CANARY%2D5e')}`)
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'orders:read',
      audience: 'https://api.test',
    })
    expect(provider.requests[0]?.headers.get('authorization')).toBe('Bearer at-1')
  })

  test('sends the secret in the body where the server wants it there', async () => {
    const { clock, server, client } = world(tokenAnswer({ access_token: 'at-1' }), { secretIn: 'body' })

    await clock.run(() => client(get()))

    expect(server.requests[0]?.headers.has('authorization')).toBe(false)
    expect(new URLSearchParams(server.requests[0]?.body).get('client_secret')).toBe('CANARY-5e')
  })

  test('uses a token whose answer names no life for a while', async () => {
    const { clock, server, client } = world(tokenAnswer({ access_token: 'at-1' }), { defaultLifetimeMs: 1_000 })

    await clock.run(() => client(get()))
    await clock.advance(400)
    await clock.run(() => client(get()))
    expect(server.requests).toHaveLength(1)
    await clock.advance(600)
    await clock.run(() => client(get()))

    expect(server.requests).toHaveLength(2)
  })

  const refusals: [string, Line, object, RegExp][] = [
    [
      'refused credentials',
      async () => Response.json({ error: 'invalid_client' }, { status: 401 }),
      { status: 401 },
      /auth\.test\/token answered 401 invalid_client/,
    ],
    ['a server that is ill', 503, { status: 503 }, /answered 503/],
    ['no answer', 'reset', {}, /gave no answer/],
    ['an answer that makes no sense', async () => Response.json({ hello: 1 }), { status: 200 }, /answered 200/],
    [
      'a token of an unknown type',
      async () => Response.json({ access_token: 'CANARY-5e', token_type: 'mac' }),
      { status: 200 },
      /answered 200/,
    ],
  ]
  test.each(refusals)('rejects with token_unavailable: %s', async (_name, line, facts, message) => {
    const { clock, client } = world(line)

    const error: Error = await clock.run(() => client(get()).then(Promise.reject.bind(Promise), (e: Error) => e))

    expect(error).toMatchObject({ code: 'token_unavailable', facts })
    expect(error.message).toMatch(message)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('CANARY')
  })

  test('does not wait for a token endpoint that hangs', async () => {
    const { clock, client } = world('hang', { timeoutMs: 2_000 })

    await expect(clock.run(() => client(get()))).rejects.toMatchObject({
      code: 'token_unavailable',
      cause: { code: 'timeout' },
    })
    expect(clock.monotonic()).toBe(2_000)
  })

  test('refuses to send a secret in the clear to another machine', async () => {
    const { clock, server, client } = world(200, { tokenUrl: 'http://auth.test/token' })

    await expect(clock.run(() => client(get()))).rejects.toMatchObject({ code: 'token_unavailable' })
    expect(server.requests).toHaveLength(0)
  })

  test('gets over a token endpoint that is ill, inside a client', async () => {
    const clock = virtualClock()
    const server = scripted(clock, 503, tokenAnswer({ access_token: 'at-1' }))
    const auth = clientCredentials({
      tokenUrl: 'https://auth.test/token',
      clientId: 'shop',
      clientSecret: 's',
      fetch: server,
      clock,
    })
    const client = createClient({ auth, clock, fetch: scripted(clock, 204) })

    const response = await clock.run(() => client(get()))

    expect(response.status).toBe(204)
    expect(server.requests).toHaveLength(2)
  })
})
