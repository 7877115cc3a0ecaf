import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { lightRequest, lightResponse } from '../../src/core/light.ts'
import { asana } from '../../src/providers/webhooks/asana.ts'
import { dropbox } from '../../src/providers/webhooks/dropbox.ts'
import { github } from '../../src/providers/webhooks/github.ts'
import { meta } from '../../src/providers/webhooks/meta.ts'
import { notion } from '../../src/providers/webhooks/notion.ts'
import { slack } from '../../src/providers/webhooks/slack.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { xero } from '../../src/providers/webhooks/xero.ts'
import { zoom } from '../../src/providers/webhooks/zoom.ts'
import { handshakes } from '../../src/webhooks/receiver-handshake.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { delivered, receiving, receivingSecret, receivingStartMs } from '../support/receiving.ts'

const url = 'https://shop.test/hooks'
const get = (query: string, method = 'GET') => lightRequest({ url: `${url}?${query}`, method })

describe('a handshake before any signature', () => {
  test('is answered when the sender knows what only the provider was told', async () => {
    const config = { verify_token: 'canary-token' }
    const { receive, stored, lines } = receiving({ provider: meta, config })
    const ask = (token: string) => receive(get(`hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`))
    const answer = await ask('canary-token')
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444'])
    const refused = await ask('guessed')
    expect([refused.status, await refused.text()]).toEqual([403, ''])
    expect(lines).toMatchObject([
      { outcome: 'handshake', handshake: 'echo', status: 200 },
      { outcome: 'handshake', handshake: 'echo', status: 403, reason: 'expectation_unmet' },
    ])
    expect(await stored()).toEqual([])
    expect(JSON.stringify(lines)).not.toContain('canary')
  })

  test('is no script to be shown by a browser', async () => {
    const { receive } = receiving({ provider: dropbox })
    const answer = await receive(get('challenge=abc123'))
    expect([answer.status, await answer.text()]).toEqual([200, 'abc123'])
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    const attack = await receive(get(`challenge=${encodeURIComponent('<script>alert(1)</script>')}`))
    expect([attack.status, await attack.text()]).toEqual([400, ''])
  })

  test('opens no other way by its method', async () => {
    const { receive, lines } = receiving({ provider: dropbox })
    const answer = await receive(get('other=1'))
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, GET'])
    expect((await receive(get('challenge=a', 'PUT'))).status).toBe(405)
    expect(lines.map(({ outcome }) => outcome)).toEqual(['method_not_allowed', 'method_not_allowed'])
  })
})

describe('a signed handshake', () => {
  const body = JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken: 'q9ibPhGeRZ' } })

  test('is answered once its signature is known to be good, and brings no event', async () => {
    const { receive, stored } = receiving({ provider: zoom })
    const forged = await receive(delivered({ provider: zoom, body, secret: 'other' }))
    expect([forged.status, await forged.json()]).toEqual([401, { error: 'the signature is not valid' }])
    const answer = await receive(delivered({ provider: zoom, body }))
    const encryptedToken = createHmac('sha256', receivingSecret).update('q9ibPhGeRZ').digest('hex')
    expect([answer.status, await answer.json()]).toEqual([200, { plainToken: 'q9ibPhGeRZ', encryptedToken }])
    expect(await stored()).toEqual([])
  })

  test('is answered with the secret that it was signed with', async () => {
    const { receive, lines } = receiving({ provider: zoom, secrets: ['newer-7f', receivingSecret] })
    const answer = await receive(delivered({ provider: zoom, body }))
    const encryptedToken = createHmac('sha256', receivingSecret).update('q9ibPhGeRZ').digest('hex')
    expect(await answer.json()).toMatchObject({ encryptedToken })
    expect(lines).toMatchObject([{ outcome: 'handshake', handshake: 'echo', secretIndex: 1, bodySigned: true }])
  })

  test('is told from the deliveries of the same provider', async () => {
    const { receive, stored } = receiving({ provider: slack })
    const challenge = await receive(
      delivered({ provider: slack, body: '{"type":"url_verification","challenge":"3eZbrw1a"}' }),
    )
    expect([challenge.status, await challenge.text()]).toEqual([200, '3eZbrw1a'])
    const event = '{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}'
    expect((await receive(delivered({ provider: slack, body: event }))).status).toBe(200)
    expect(await stored()).toMatchObject([{ eventId: 'Ev1', type: 'message' }])
  })

  test('with a wrong signature gets the very answer that its provider looks for', async () => {
    const { receive } = receiving({ provider: xero })
    const intent = JSON.stringify({
      events: [],
      firstEventSequence: 0,
      lastEventSequence: 0,
      entropy: 'S0m3r4Nd0mt3xt',
    })
    const good = await receive(delivered({ provider: xero, body: intent }))
    expect([good.status, await good.text()]).toEqual([200, ''])
    const forged = await receive(delivered({ provider: xero, body: intent, secret: 'other' }))
    expect([forged.status, await forged.text()]).toEqual([401, ''])
  })

  test('may be a ping that wants nothing but an answer', async () => {
    const { receive, stored, lines } = receiving({ provider: github })
    const headers = { 'X-GitHub-Event': 'ping', 'X-GitHub-Delivery': 'd-1' }
    expect((await receive(delivered({ provider: github, headers, body: '{"zen":"x"}' }))).status).toBe(200)
    expect(await stored()).toEqual([])
    expect(lines).toMatchObject([{ outcome: 'handshake', handshake: 'acknowledge' }])
  })
})

describe('a secret that the provider chooses', () => {
  const hook = () =>
    lightRequest({ url, method: 'POST', headers: { 'X-Hook-Secret': 'b537207f20cbfa02357cf448134da559' }, body: '{}' })

  test('is kept before the answer, which carries it back', async () => {
    const kept: unknown[] = []
    const onSecret = async (secret: string, account: string) => void kept.push([secret, account])
    const { receive, lines } = receiving({ provider: asana, secrets: () => [], onSecret })
    const answer = await receive(hook())
    expect([answer.status, answer.headers.get('x-hook-secret')]).toEqual([200, 'b537207f20cbfa02357cf448134da559'])
    expect(kept).toEqual([['b537207f20cbfa02357cf448134da559', '']])
    expect(JSON.stringify(lines)).not.toContain('b537207f')
  })

  test('signs from then on', async () => {
    const kept: string[] = []
    const onSecret = (secret: string) => void kept.push(secret)
    const { receive, lines } = receiving({ provider: notion, secrets: () => kept, onSecret })
    const body = '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}'
    const headers = { 'content-type': 'application/json' }
    expect((await receive(lightRequest({ url, method: 'POST', headers, body }))).status).toBe(200)
    const event = delivered({ provider: notion, secret: kept[0] ?? '', body: '{"id":"e1","type":"page.created"}' })
    expect((await receive(event)).status).toBe(200)
    expect(lines.map(({ outcome }) => outcome)).toEqual(['handshake', 'stored'])
  })

  test('is not taken from a stranger once there is one', async () => {
    const { receive, lines } = receiving({ provider: asana, onSecret: () => expect.unreachable() })
    expect((await receive(hook())).status).toBe(403)
    expect(lines).toMatchObject([{ handshake: 'capture', reason: 'capture_closed' }])
  })

  test.each<[string, ReceiverOptions['secrets']]>([
    ['ran out', () => [{ value: 'canary-7f', notAfter: new Date(receivingStartMs) }]],
    ['are not good yet', () => [{ value: 'canary-7f', notBefore: new Date(receivingStartMs + 1) }]],
    ['are blank', () => ['']],
  ])('is not taken from a stranger while those that there are %s', async (_, secrets) => {
    const { receive, lines } = receiving({ provider: asana, secrets, onSecret: () => expect.unreachable() })
    expect((await receive(hook())).status).toBe(503)
    expect(lines).toMatchObject([{ outcome: 'no_secret' }])
  })

  test('is not taken where nobody keeps it', async () => {
    const { receive } = receiving({ provider: asana, secrets: () => [] })
    expect((await receive(hook())).status).toBe(403)
  })

  test('that cannot be kept, or not soon, is not answered for', async () => {
    const failing = [() => Promise.reject(new Error('canary disk')), () => new Promise<never>(() => {})]
    for (const onSecret of failing) {
      const { receive, lines } = receiving({ provider: asana, secrets: () => [], onSecret })
      const answer = await receive(hook())
      expect([answer.status, answer.headers.get('x-hook-secret')]).toEqual([503, null])
      expect(lines).toMatchObject([{ outcome: 'handshake_failed' }])
    }
  })
})

describe('an address to visit', () => {
  const visit = { url: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription', allowed: { host: 'x' } }
  const answer = { kind: 'visit', after: 'verification', status: 200, headers: {}, body: '', visit } as const

  test.each([
    [200, 'handshake'],
    [302, 'handshake_failed'],
    [500, 'handshake_failed'],
  ])('that answers %d makes the handshake end as %s', async (status, outcome) => {
    const visited: string[] = []
    const fetch = async (request: Request) => {
      visited.push(request.url)
      return lightResponse('', { status })
    }
    const clock = virtualClock()
    const options = { provider: stripe, secrets: ['whsec_a'], inbox: createMemoryInbox({ clock }), fetch }
    const end = await clock.run(() => handshakes(options, clock).carryOut(answer, ''))
    expect([end.outcome, visited]).toEqual([outcome, [visit.url]])
  })
})
