import * as oauth from 'oauth4webapi'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { lightRequest, lightResponse } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Layer, type Service, stack } from '../../src/core/service.ts'
import { type VirtualClock, virtualClock } from '../../src/core/virtual-clock.ts'
import { wire } from '../../src/core/wire.ts'
import { bearerToken } from '../../src/mocks/checks/bearer-token.ts'
import { type OAuthServerOptions, oauthServer } from '../../src/mocks/oauth-server.ts'
import { type IssuedTokens, issuedTokens } from '../../src/mocks/oauth-tokens.ts'

const issuer = 'https://api.things.test'
const client = { id: 'shop', secret: 'a secret+with: signs', scopes: ['read', 'write'] }
let clock: VirtualClock
let tokens: IssuedTokens
let server: Service

function serverWith(options: Partial<OAuthServerOptions> = {}): Service {
  const demandToken: Layer = (next) => async (request, context) => {
    const refusal = bearerToken(tokens)(request)
    if (refusal === undefined) return next(request, context)
    return lightResponse(refusal.message, { status: refusal.status, headers: refusal.headers })
  }
  const api: Service = async () => lightResponse('the API')
  return wire(stack(oauthServer({ clients: [client], tokens, ...options }), demandToken)(api))
}

beforeEach(() => {
  clock = virtualClock({ startMs: 1_000_000 })
  tokens = issuedTokens({ clock, random: seededRandom(1) })
  server = serverWith()
})

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

async function ask(
  fields: Record<string, string> | string,
  headers: Record<string, string> = { authorization: basic(client.id, client.secret) },
) {
  const response = await server(
    lightRequest({
      url: `${issuer}/oauth/token`,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    }),
  )
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const callApi = (token: string | undefined) =>
  server(
    lightRequest({
      url: `${issuer}/v1/things`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    }),
  )

async function aToken(): Promise<string> {
  return (await ask({ grant_type: 'client_credentials' })).body['access_token'] as string
}

describe('the mock OAuth server and oauth4webapi', () => {
  const customFetch = (url: string, init: object) => server(new Request(url, init))
  const options = { [oauth.customFetch]: customFetch }

  test.each([
    ['client_secret_basic', oauth.ClientSecretBasic(client.secret)],
    ['client_secret_post', oauth.ClientSecretPost(client.secret)],
  ])('agree from discovery to a token by %s', async (_, authentication) => {
    const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...options })
    const metadata = await oauth.processDiscoveryResponse(new URL(issuer), found)
    const own = { client_id: client.id }
    const answer = await oauth.clientCredentialsGrantRequest(metadata, own, authentication, { scope: 'read' }, options)
    const result = await oauth.processClientCredentialsResponse(metadata, own, answer)

    expect(result).toMatchObject({ token_type: 'bearer', expires_in: 3_600, scope: 'read' })
    expect((await callApi(result.access_token)).status).toBe(200)
  })

  test('agree on what a refusal is', async () => {
    const metadata = { issuer, token_endpoint: `${issuer}/oauth/token` }
    const own = { client_id: client.id }
    const answer = await oauth.clientCredentialsGrantRequest(
      metadata,
      own,
      oauth.ClientSecretPost('wrong'),
      {},
      options,
    )

    await expect(oauth.processClientCredentialsResponse(metadata, own, answer)).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    })
  })
})

describe('oauthServer', () => {
  test('issues a token that no cache may keep', async () => {
    const { status, headers, body } = await ask({ grant_type: 'client_credentials' })

    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('application/json')
    expect(body).toEqual({
      access_token: expect.stringMatching(/^\w{43}$/),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'read write',
    })
  })

  test('issues the same tokens for the same seed', async () => {
    const first = [await aToken(), await aToken()]
    tokens = issuedTokens({ clock, random: seededRandom(1) })
    server = serverWith()

    expect([await aToken(), await aToken()]).toEqual(first)
    expect(first[0]).not.toBe(first[1])
  })

  test.each([
    ['no grant', {}, 400, 'invalid_request'],
    ['an empty grant', { grant_type: '' }, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [
      'a scope that is not the client’s',
      { grant_type: 'client_credentials', scope: 'read admin' },
      400,
      'invalid_scope',
    ],
    ['a parameter given twice', 'grant_type=client_credentials&grant_type=client_credentials', 400, 'invalid_request'],
    ['too much', `grant_type=client_credentials&x=${'x'.repeat(70_000)}`, 400, 'invalid_request'],
    [
      'two proofs at once',
      { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret },
      400,
      'invalid_request',
    ],
  ])('refuses %s', async (_, fields, status, error) => {
    expect(await ask(fields as Record<string, string>)).toMatchObject({
      status,
      body: { error, error_description: expect.any(String) },
    })
    expect(tokens.all()).toEqual([])
  })

  test.each([
    ['nobody', {}, {}],
    ['an unknown client', {}, { authorization: basic('thief', client.secret) }],
    ['a wrong secret', {}, { authorization: basic(client.id, 'guess') }],
    ['a header without a secret', {}, { authorization: `Basic ${Buffer.from('shop').toString('base64')}` }],
    ['an id alone', { client_id: client.id }, {}],
    ['an unknown client without a secret', { client_id: 'thief' }, {}],
  ])('refuses %s as invalid_client', async (_, fields, headers: Record<string, string>) => {
    const { status, body, headers: answered } = await ask({ grant_type: 'client_credentials', ...fields }, headers)

    expect(status).toBe(401)
    expect(body['error']).toBe('invalid_client')
    expect(answered.has('www-authenticate')).toBe('authorization' in headers)
  })

  test('takes no silence for an empty secret', async () => {
    server = serverWith({ clients: [{ id: 'shop', secret: '' }] })

    expect((await ask({ grant_type: 'client_credentials', client_id: 'shop' }, {})).status).toBe(401)
  })

  test('takes forms alone, by POST alone', async () => {
    expect(await ask('{}', { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    const response = await server(lightRequest({ url: `${issuer}/oauth/token?grant_type=client_credentials` }))

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('tells where its endpoint is, under the name that it is given', async () => {
    server = serverWith({ issuer: 'https://id.things.test', tokenPath: '/token' })
    const response = await server(lightRequest({ url: `${issuer}/.well-known/oauth-authorization-server` }))

    expect(await response.json()).toMatchObject({
      issuer: 'https://id.things.test',
      token_endpoint: 'https://id.things.test/token',
      scopes_supported: ['read', 'write'],
    })
  })

  test('takes any id and secret that form encoding can carry', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        async (id, secret) => {
          server = serverWith({ clients: [{ id, secret }] })
          expect((await ask({ grant_type: 'client_credentials' }, { authorization: basic(id, secret) })).status).toBe(
            200,
          )
          expect(
            (await ask({ grant_type: 'client_credentials' }, { authorization: basic(id, `${secret}x`) })).status,
          ).toBe(401)
        },
      ),
    )
  })
})

describe('an API behind the OAuth server', () => {
  test.each([
    ['without a token', undefined, 'Bearer'],
    ['with a token that nobody issued', 'made-up', 'Bearer error="invalid_token"'],
  ])('refuses calls %s', async (_, token, challenge) => {
    const response = await callApi(token)

    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge])
  })

  test('takes a token until it expires, on the clock', async () => {
    const token = await aToken()
    await clock.advance(3_599_999)
    expect((await callApi(token)).status).toBe(200)
    await clock.advance(1)

    expect((await callApi(token)).status).toBe(401)
    expect(tokens.verify(token)).toEqual({ ok: false, reason: 'expired' })
  })

  test('refuses a token that was revoked, and no other', async () => {
    const [first, second] = [await aToken(), await aToken()]

    expect(tokens.revoke({ token: first })).toBe(1)
    expect(tokens.verify(first)).toEqual({ ok: false, reason: 'revoked' })
    expect([(await callApi(first)).status, (await callApi(second)).status]).toEqual([401, 200])
    expect(tokens.revoke({ clientId: 'another' })).toBe(0)
    expect(tokens.revoke()).toBe(1)
    expect((await callApi(second)).status).toBe(401)
  })

  test('knows no token of before a reset', async () => {
    const token = await aToken()
    tokens.reset()

    expect(tokens.verify(token)).toEqual({ ok: false, reason: 'unknown' })
  })
})
