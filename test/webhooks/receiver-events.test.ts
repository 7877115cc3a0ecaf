import { describe, expect, test } from 'vitest'
import { type EventFacts } from '../../src/providers/event-facts.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { asana } from '../../src/providers/webhooks/asana.ts'
import { dropbox } from '../../src/providers/webhooks/dropbox.ts'
import { github } from '../../src/providers/webhooks/github.ts'
import { gocardless } from '../../src/providers/webhooks/gocardless.ts'
import { lemonsqueezy } from '../../src/providers/webhooks/lemonsqueezy.ts'
import { line } from '../../src/providers/webhooks/line.ts'
import { mandrill } from '../../src/providers/webhooks/mandrill.ts'
import { meta } from '../../src/providers/webhooks/meta.ts'
import { mollieClassic } from '../../src/providers/webhooks/mollie.ts'
import { msgraph } from '../../src/providers/webhooks/msgraph.ts'
import { oktaEventHook } from '../../src/providers/webhooks/okta.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { eventListOf } from '../../src/webhooks/event-places.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { plainSettings } from '../../src/webhooks/scheme-settings.ts'
import { delivered, receiving, receivingStartMs } from '../support/receiving.ts'

/** A provider whose deliveries bring what the facts say, signed as Stripe's are. */
function bringing(event: EventFacts): WebhookProvider {
  const { webhooks } = stripe
  return { name: 'some', title: 'Some', webhooks: { ...webhooks, scheme: { ...webhooks.scheme, id: 'some', event } } }
}

const listed = bringing({ id: '/events/*/id', type: '/events/*/type', time: '/events/*/at' })

describe('a delivery of several events', () => {
  test('is stored as one event each, with its own bytes, and handled as that', async () => {
    const provider = listed
    const { clock, inbox, receive, stored, lines } = receiving({ provider })
    const first = '{ "id":"e1", "type":"a","at":1767225600, "n":12345678901234567890.0 }'
    const second = '{"id":"e2","type":"b"}'
    const body = `{"events": [ ${first} ,\n${second}], "more":1}`
    expect((await receive(delivered({ provider, body }))).status).toBe(200)
    expect(await stored()).toMatchObject([
      { eventId: 'e1', type: 'a', state: 'ready', text: first },
      { eventId: 'e2', type: 'b', state: 'ready', text: second },
    ])
    expect(lines).toMatchObject([{ outcome: 'stored', events: 2, eventId: 'e1', bytes: body.length }])

    const handled: unknown[] = []
    const handle = ({ id, occurredAtMs, data }: { id: string; occurredAtMs?: number; data: unknown }) =>
      void handled.push([id, occurredAtMs, (data as { type: string }).type])
    await clock.run(() => createWorker({ inbox, clock, handle }).drain())
    expect(handled).toEqual([
      ['e1', receivingStartMs, 'a'],
      ['e2', undefined, 'b'],
    ])
  })

  test('is put in one step, which is the whole delivery or nothing', async () => {
    const puts: number[] = []
    const failing = { put: (events: readonly unknown[]) => Promise.reject(new Error(`${puts.push(events.length)}`)) }
    const { receive } = receiving({ provider: listed, inbox: failing })
    const body = '{"events":[{"id":"e1","type":"a"},{"id":"e2","type":"a"},{"id":"e3","type":"a"}]}'
    expect((await receive(delivered({ provider: listed, body }))).status).toBe(503)
    expect(puts).toEqual([3])
  })

  test('is put off when not all of it fits, and completed when it comes again', async () => {
    const provider = listed
    const { clock, inbox, receive, stored, lines } = receiving({ provider, limits: { maxUnfinished: 1 } })
    const send = () =>
      receive(delivered({ provider, body: '{"events":[{"id":"e1","type":"a"},{"id":"e2","type":"a"}]}' }))
    expect((await send()).status).toBe(503)
    await clock.run(() => createWorker({ inbox, clock, handle: () => {} }).drain())
    expect((await send()).status).toBe(200)
    expect((await stored()).map(({ eventId }) => eventId)).toEqual(['e1', 'e2'])
    expect(lines.map(({ outcome }) => outcome)).toEqual(['inbox_full', 'stored'])
  })

  test('that comes again brings nothing, and with one more event brings that one', async () => {
    const provider = listed
    const { receive, stored, lines } = receiving({ provider })
    const send = (...ids: string[]) =>
      receive(delivered({ provider, body: JSON.stringify({ events: ids.map((id) => ({ id, type: 'a' })) }) }))
    for (const ids of [
      ['e1', 'e2'],
      ['e1', 'e2'],
      ['e1', 'e2', 'e3'],
    ])
      await send(...ids)
    expect(await stored()).toHaveLength(3)
    expect(lines.map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate', 'stored'])
  })

  test('keeps an event that it cannot read for people, and the others for the handler', async () => {
    const provider = listed
    const { receive, stored } = receiving({ provider })
    await receive(delivered({ provider, body: '{"events":[{"id":"e1","type":"a"},{"type":"a"},7]}' }))
    expect((await stored()).map(({ state, text }) => [state, text])).toEqual([
      ['ready', '{"id":"e1","type":"a"}'],
      ['quarantined', '{"type":"a"}'],
      ['quarantined', '7'],
    ])
  })

  test('may be empty, which is no mistake', async () => {
    const provider = listed
    const { receive, stored, lines } = receiving({ provider })
    expect((await receive(delivered({ provider, body: '{"events":[]}' }))).status).toBe(200)
    expect(await stored()).toEqual([])
    expect(lines).toMatchObject([{ outcome: 'empty' }])
  })

  test.each(['{}', '{"events":{}}', 'nonsense', '{"events":[{"id":"e1","type":"a"}'])(
    'that has no list, as in %s, is kept for people to look at',
    async (body) => {
      const { receive, stored } = receiving({ provider: listed })
      expect((await receive(delivered({ provider: listed, body }))).status).toBe(200)
      expect(await stored()).toMatchObject([{ state: 'quarantined', text: body }])
    },
  )

  test.each([gocardless, line] as const)('of $name is told apart by the facts', async (provider) => {
    const idName = provider === line ? 'webhookEventId' : 'id'
    const typeName = provider === line ? 'type' : 'action'
    const events = ['e1', 'e2'].map((id) => ({ [idName]: id, [typeName]: 'a' }))
    const { receive, stored } = receiving({ provider })
    expect((await receive(delivered({ provider, body: JSON.stringify({ events }) }))).status).toBe(200)
    expect((await stored()).map(({ eventId }) => eventId)).toEqual(['e1', 'e2'])
  })
})

describe('an event whose provider sends no id', () => {
  test('is known by its bytes, which the log says', async () => {
    const provider = lemonsqueezy
    const { receive, stored, lines } = receiving({ provider })
    const send = (body: string) => receive(delivered({ provider, body, headers: { 'X-Event-Name': 'order_created' } }))
    await send('{"a":1}')
    await send('{"a":1}')
    await send('{"a":2}')
    expect(lines.map(({ outcome, weakId }) => [outcome, weakId])).toEqual([
      ['stored', true],
      ['duplicate', true],
      ['stored', true],
    ])
    expect(await stored()).toMatchObject([
      { type: 'order_created', eventId: expect.stringMatching(/^sha256:/) as string },
      { type: 'order_created' },
    ])
  })

  test('is known by the bytes of the whole delivery where there are several', async () => {
    const provider = bringing({ type: '/events/*/type', time: '/at' })
    const { receive, stored } = receiving({ provider })
    for (const at of [1, 2, 2])
      await receive(delivered({ provider, body: JSON.stringify({ at, events: [{ type: 'a' }, { type: 'a' }] }) }))
    expect(await stored()).toHaveLength(4)
  })

  test('and no type either is one all the same', async () => {
    const provider = bringing({})
    const { receive, stored } = receiving({ provider })
    await receive(delivered({ provider, body: 'anything', headers: { 'content-type': 'text/plain' } }))
    expect(await stored()).toMatchObject([{ type: 'delivery', state: 'ready', text: 'anything' }])
  })
})

describe('a delivery that only says that something changed', () => {
  test('is an event each time, though it is the same bytes', async () => {
    const provider = dropbox
    const { clock, receive, lines } = receiving({ provider })
    const body = '{"list_folder":{"accounts":["dbid:A"]}}'
    for (let count = 0; count < 3; count++) {
      await receive(delivered({ provider, body }))
      await clock.advance(1)
    }
    expect(lines.map(({ outcome, weakId }) => [outcome, weakId])).toEqual(
      Array.from({ length: 3 }, () => ['stored', true]),
    )
  })

  test('is believed from nobody in particular where its provider signs nothing', async () => {
    const provider = mollieClassic
    const { receive, stored, lines } = receiving({ provider, secrets: undefined })
    await receive(delivered({ provider, body: 'id=tr_7UhSN1zuXS' }))
    expect(await stored()).toMatchObject([{ type: 'delivery', state: 'ready', text: 'id=tr_7UhSN1zuXS' }])
    expect(lines).toMatchObject([{ outcome: 'stored', bodySigned: false, replayProtection: 'none' }])
  })
})

describe('where providers put their events', () => {
  const cases = [
    [meta, '{"object":"page","entry":[{"id":"p1","time":1},{"id":"p1","time":2}]}', {}, ['page']],
    [oktaEventHook, '{"eventId":"o1","data":{"events":[{"eventType":"user.create"}]}}', {}, ['user.create']],
    [asana, '{"events":[{"action":"changed","resource":{"resource_type":"task"}}]}', {}, ['changed.task']],
    [
      mandrill,
      `mandrill_events=${encodeURIComponent('[{"_id":"a","event":"open"},{"_id":"b","event":"click"}]')}`,
      {},
      ['open', 'click'],
    ],
    [msgraph, '{"value":[{"changeType":"updated","clientState":"whsec_canary0123456789"}]}', {}, ['updated']],
  ] as const

  test.each(cases.map(([of, body, headers, types]) => [of.title, of, body, headers, types] as const))(
    '%s is read',
    async (_, provider, body, headers, types) => {
      const config = plainSettings(provider.webhooks.scheme, 'https://shop.test/hooks')
      const { receive, stored } = receiving({ provider, config })
      expect((await receive(delivered({ provider, body, headers, config }))).status).toBe(200)
      expect((await stored()).map(({ type, state }) => [type, state])).toEqual(types.map((type) => [type, 'ready']))
    },
  )

  test('a delivery of these schemes is as many events as it lists', () => {
    const lists = webhookProviders.map(({ webhooks }) => webhooks.scheme).filter(({ event }) => eventListOf(event))
    expect(lists.map(({ id }) => id)).toEqual([
      'adyen-payments',
      'asana',
      'azure-event-grid',
      'gocardless',
      'hubspot-v1',
      'hubspot-v2',
      'hubspot-v3',
      'line',
      'mandrill',
      'msgraph',
      'pusher',
      'quickbooks',
      'sendgrid',
      'xero',
    ])
  })
})

describe('a delivery whose id stands in a header', () => {
  const headers = { 'X-GitHub-Delivery': 'd-1', 'X-GitHub-Event': 'push' }

  test('is kept for people to look at when its JSON is broken', async () => {
    const { receive, stored } = receiving({ provider: github })
    await receive(delivered({ provider: github, headers, body: '{"a":' }))
    expect(await stored()).toMatchObject([{ state: 'quarantined', text: '{"a":' }])
  })

  test.each([
    ['X-GitHub-Delivery', 'other'],
    ['X-GitHub-Delivery', ''],
    ['X-GitHub-Event', 'other'],
  ])('is kept for people to look at when %s came twice, then as %j', async (name, again) => {
    const { receive, stored } = receiving({ provider: github })
    const twice = new Headers(headers)
    twice.append(name, again)
    expect(
      (await receive(delivered({ provider: github, headers: Object.fromEntries(twice), body: '{}' }))).status,
    ).toBe(200)
    expect(await stored()).toMatchObject([{ state: 'quarantined', type: 'unreadable' }])
  })

  test('is an event when its body is a form', async () => {
    const { receive, stored } = receiving({ provider: github })
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    await receive(delivered({ provider: github, headers: form, body: 'payload=%7B%7D' }))
    expect(await stored()).toMatchObject([{ state: 'ready', eventId: 'd-1', type: 'push' }])
  })
})
