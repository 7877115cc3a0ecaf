import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { github } from '../../src/providers/webhooks/github.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { type ReceiverLine } from '../../src/webhooks/receiver-options.ts'
import { createReceivers, type ReceiversOptions } from '../../src/webhooks/receivers.ts'
import { fromStore } from '../../src/webhooks/secret-store.ts'
import { type SecretList } from '../../src/webhooks/secrets.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { delivered, receivingStartMs, storedIn } from '../support/receiving.ts'

const shops: Record<string, SecretList> = {
  'a b': ['whsec_of_shop_a'],
  b: ['whsec_of_shop_b', { value: 'whsec_old_of_b', id: 'old' }],
  new: [],
}

function setUp(options: Partial<ReceiversOptions> = {}) {
  const clock = virtualClock({ startMs: receivingStartMs })
  const inbox = createMemoryInbox({ clock })
  const lines: ReceiverLine[] = []
  const receivers = createReceivers({
    inbox,
    clock,
    log: (line) => void lines.push(line),
    sources: {
      stripe: { provider: stripe, secrets: ['whsec_of_the_platform'] },
      shops: { provider: stripe, accountInPath: true, secrets: ({ account }) => shops[account] },
      github: { provider: github, secrets: ['7f0c'] },
    },
    ...options,
  })
  const post = async (path: string, secret: string, id = 'evt_1') => {
    const url = `https://shop.test${path}`
    const request = delivered({ provider: stripe, secret, url, body: `{"id":"${id}","type":"a"}` })
    const response = await clock.run(() => receivers(request))
    return { status: response.status, text: await response.text() }
  }
  return { clock, post, lines, receivers, stored: () => storedIn(inbox) }
}

describe('receivers of several sources', () => {
  test('know the source by its path, and each has its own secrets', async () => {
    const { post, stored } = setUp()
    expect((await post('/hooks/stripe', 'whsec_of_the_platform')).status).toBe(200)
    expect((await post('/hooks/stripe?x=1', 'whsec_of_the_platform')).status).toBe(200)
    expect((await post('/hooks/stripe', 'whsec_of_shop_b')).status).toBe(401)
    expect((await post('/hooks/github', '7f0c')).status).toBe(401)
    expect(await stored()).toMatchObject([{ provider: 'stripe', account: '' }])
  })

  test('keep accounts apart by the path, whose secrets are their own', async () => {
    const { post, stored, lines } = setUp()
    expect((await post('/hooks/shops/a%20b', 'whsec_of_shop_a')).status).toBe(200)
    expect((await post('/hooks/shops/b', 'whsec_old_of_b')).status).toBe(200)
    expect((await post('/hooks/shops/b', 'whsec_of_shop_a')).status).toBe(401)
    expect((await stored()).map(({ account, eventId }) => [account, eventId])).toEqual([
      ['a b', 'evt_1'],
      ['b', 'evt_1'],
    ])
    expect(lines).toMatchObject([
      { account: 'a b', outcome: 'stored', secretIndex: 0 },
      { account: 'b', outcome: 'stored', secretIndex: 1, secretId: 'old' },
      { account: 'b', outcome: 'rejected' },
    ])
  })

  test('keep sources of one provider apart, so that none can take an id from another', async () => {
    const sources = {
      a: { provider: stripe, secrets: ['whsec_of_source_a'] },
      b: { provider: stripe, secrets: ['whsec_of_source_b'] },
      named: { provider: stripe, secrets: ['whsec_of_named'], subscription: 'we_1' },
    }
    const inbox = createMemoryInbox()
    const { post, lines } = setUp({ sources, inbox })
    expect((await post('/hooks/b', 'whsec_of_source_b')).status).toBe(200)
    expect((await post('/hooks/a', 'whsec_of_source_a')).status).toBe(200)
    expect((await post('/hooks/named', 'whsec_of_named')).status).toBe(200)
    expect(lines.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored'])
    const { events } = await inbox.inspect()
    expect(events.map(({ subscription }) => subscription)).toEqual(['b', 'a', 'we_1'])
  })

  test('answer an account that there is not as they answer a wrong signature', async () => {
    const { post, lines } = setUp()
    const unknown = await post('/hooks/shops/nobody', 'whsec_of_shop_a')
    expect(unknown).toEqual(await post('/hooks/shops/b', 'whsec_of_shop_a'))
    expect(lines.map(({ reason }) => reason)).toEqual(['account_unknown', 'signature_mismatch'])
  })

  test('put off an account that has no secret so far', async () => {
    const { post, lines } = setUp()
    expect((await post('/hooks/shops/new', 'whsec_of_shop_a')).status).toBe(503)
    expect(lines).toMatchObject([{ outcome: 'no_secret', account: 'new' }])
  })

  test.each([
    '/',
    '/hooks',
    '/hooks/',
    '/hooks/nobody',
    '/hooks/stripe/',
    '/hooks/stripe/b',
    '/hooks/shops',
    '/hooks/shops/',
    '/hooks/shops/b/more',
    '/hooks/shops/%ff',
    '/hooks/shops/nobody%2f..%2fb',
    '/hooks/shops/nobody%5c..%5cb',
    '/hooks/shops/b%00',
    '/hooks/shops/b%0a',
    '/hooks/__proto__',
    '/hooks/constructor',
    '/other/stripe',
    '/hooks//stripe',
  ])('answer 404 at %s, whatever is sent', async (path) => {
    const { post, lines, stored } = setUp()
    expect((await post(path, 'whsec_of_the_platform')).status).toBe(404)
    expect(lines).toEqual([{ provider: '', outcome: 'not_found', status: 404 }])
    expect(await stored()).toEqual([])
  })

  test('begin where they are told', async () => {
    const { post } = setUp({ basePath: '/api/in/' })
    expect((await post('/api/in/stripe', 'whsec_of_the_platform')).status).toBe(200)
    expect((await post('/hooks/stripe', 'whsec_of_the_platform')).status).toBe(404)
  })

  test('keep what comes to an account with a name that no database keeps, for people to look at', async () => {
    const shops = { provider: stripe, accountInPath: true, secrets: () => ['whsec_of_shop_x'] }
    const { post, stored } = setUp({ sources: { shops } })
    expect((await post(`/hooks/shops/${'x'.repeat(6_000)}`, 'whsec_of_shop_x')).status).toBe(200)
    expect(await stored()).toMatchObject([{ state: 'quarantined', account: '' }])
  })

  test('are not made where all accounts would share one list of secrets', () => {
    const shared = { provider: stripe, accountInPath: true, secrets: ['whsec_for_all'] }
    expect(() => setUp({ sources: { shops: shared } })).toThrow(/share one list/)
  })

  test('take the secrets of a store, and put off what it does not answer for', async () => {
    let isUp = true
    const secrets = fromStore(async (account) => {
      if (!isUp) throw new Error('canary of the vault')
      return shops[account]
    })
    const { clock, post, lines } = setUp({ sources: { shops: { provider: stripe, accountInPath: true, secrets } } })
    expect((await post('/hooks/shops/b', 'whsec_of_shop_b')).status).toBe(200)
    isUp = false
    expect((await post('/hooks/shops/b', 'whsec_of_shop_b', 'evt_2')).status).toBe(200)
    expect((await post('/hooks/shops/a%20b', 'whsec_of_shop_a')).status).toBe(503)
    expect(lines.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'key_unavailable'])
    expect(JSON.stringify(lines)).not.toContain('canary')
    expect(clock.monotonic()).toBe(0)
  })

  test('do not wait for ever for secrets', async () => {
    const secrets = () => new Promise<never>(() => {})
    const { clock, post } = setUp({ sources: { shops: { provider: stripe, accountInPath: true, secrets } } })
    expect((await post('/hooks/shops/b', 'whsec_of_shop_b')).status).toBe(503)
    expect(clock.monotonic()).toBe(5_000)
  })
})
