import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { webhookProviderOf } from '../../src/providers/webhook-catalogue.ts'
import { readEnvelope } from '../../src/webhooks/envelope.ts'
import { parseJson } from '../../src/webhooks/parsed-body.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'

const read = (created: unknown) =>
  readEnvelope(stripe.webhooks.scheme, new Headers(), { id: 'evt_1', type: 'ping', created })

test.each([
  ['whole seconds', 1_767_225_600, 1_767_225_600_000],
  ['seconds with a fraction', 1_767_225_600.1234, 1_767_225_600_123],
  ['milliseconds', 1_767_225_600_123.7, 1_767_225_600_123],
  ['a date', '2026-01-01T00:00:00Z', 1_767_225_600_000],
  ['more than a date can be', 1e300, undefined],
  ['more than a safe integer', 1e17, undefined],
  ['less than a date can be', -1e17, undefined],
  ['a list', [1.5], undefined],
  ['a truth', true, undefined],
  ['no date', 'yesterday', undefined],
  ['nothing', null, undefined],
])('a time as %s', (_, created, occurredAtMs) => {
  expect(read(created)).toEqual({ id: 'evt_1', type: 'ping', ...(occurredAtMs === undefined ? {} : { occurredAtMs }) })
})

test.each([1_767_225_600.1234, 1e17, -1e17, 1e300])('an event of time %d is stored and handed out', async (created) => {
  await using inbox = createSqliteInbox({ database: ':memory:', clock: virtualClock() })
  const { id: eventId, ...rest } = read(created) ?? { id: '', type: '' }
  const body = new Uint8Array([1])
  expect(await inbox.put([{ provider: 'stripe', account: '', subscription: '', eventId, body, ...rest }])).toEqual([
    'inserted',
  ])
  expect((await inbox.claim({ owner: 'one', limit: 1, leaseMs: 1 })).claims).toHaveLength(1)
})

test.each([
  ['text with NUL, which PostgreSQL keeps in no text', 'evt_\u0000'],
  ['half a character, which every store writes alike', 'evt_\ud800'],
  ['a number whose last digits are lost', 9_007_199_254_740_993n],
])('%s is neither an id nor a type', (_, value) => {
  const given = typeof value === 'bigint' ? Number(value) : value
  const { scheme } = stripe.webhooks
  expect(readEnvelope(scheme, new Headers(), { id: given, type: 'ping' })).toBeUndefined()
  expect(readEnvelope(scheme, new Headers(), { id: 'evt_1', type: given })).toBeUndefined()
})

describe('the envelope', () => {
  const token = (claims: unknown) =>
    ['{"alg":"HS256"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')
  const multipart = [
    '--b',
    'Content-Disposition: form-data; name="json"',
    '',
    '{"event":{"event_type":"signature_request_sent","event_time":"1767225600"}}',
    '--b--',
  ].join('\r\n')
  const salesforce =
    '<e:Body><notifications><OrganizationId>00D</OrganizationId><Notification><Id>04l1</Id>' +
    '<sObject xsi:type="sf:Account" xmlns:sf="urn:s"><sf:Id>001</sf:Id></sObject></Notification></notifications></e:Body>'
  const paid = Buffer.from('<notification><kind>check</kind></notification>').toString('base64')
  const on = Date.UTC(2026, 0, 1)

  test.each<[string, Record<string, string>, string, string, unknown]>([
    [
      'adyen-payments',
      {},
      '{"notificationItems":[{"NotificationRequestItem":{"pspReference":"p1","eventCode":"REFUND","success":"true"}}]}',
      '',
      { id: 'p1.REFUND.true', type: 'REFUND' },
    ],
    ['vonage-sms', {}, '', '?messageId=m1&message-timestamp=2026-01-01T00:00:00Z', { id: 'm1', occurredAtMs: on }],
    [
      'mandrill',
      {},
      'mandrill_events=%5B%7B%22_id%22%3A%22m1%22%2C%22event%22%3A%22send%22%2C%22ts%22%3A1767225600%7D%5D',
      '',
      { id: 'm1', type: 'send', occurredAtMs: on },
    ],
    [
      'vonage-jwt',
      { authorization: `Bearer ${token({ jti: 'j1', iat: on / 1000 })}` },
      '{}',
      '',
      { id: 'j1', occurredAtMs: on },
    ],
    [
      'apple-app-store-v2',
      {},
      JSON.stringify({
        signedPayload: token({ notificationUUID: 'u1', notificationType: 'DID_RENEW', signedDate: on }),
      }),
      '',
      { id: 'u1', type: 'DID_RENEW', occurredAtMs: on },
    ],
    ['salesforce-outbound', { 'content-type': 'text/xml' }, salesforce, '', { id: '04l1', type: 'sf:Account' }],
    ['braintree', {}, `bt_payload=${encodeURIComponent(paid)}`, '', { type: 'check' }],
    [
      'dropbox-sign',
      { 'content-type': 'multipart/form-data; boundary=b' },
      multipart,
      '',
      { type: 'signature_request_sent', occurredAtMs: on },
    ],
    [
      'sentry',
      { 'Request-ID': 'r1', 'Sentry-Hook-Resource': 'issue' },
      '{"action":"created"}',
      '',
      { type: 'issue.created' },
    ],
  ])('of %s is read where it stands', (id, headers, body, query, envelope) => {
    const { scheme } = webhookProviderOf(id).webhooks
    // Where the provider sends no id, or no type, the receiver asks for the other one; of a list for one element.
    const at = (place: string | undefined) => place?.replaceAll('*', '0') ?? ''
    const event = {
      id: at(scheme.event.id ?? scheme.event.type),
      type: at(scheme.event.type ?? scheme.event.id),
      time: at(scheme.event.time),
    }
    const bytes = Buffer.from(body)
    const parts = { body: bytes, url: `https://shop.test/hooks${query}` }
    expect(readEnvelope({ ...scheme, event }, new Headers(headers), parseJson(bytes), parts)).toMatchObject(
      envelope as object,
    )
  })

  test('is never made of a value that stands there twice', () => {
    const { scheme } = webhookProviderOf('mollie-classic').webhooks
    const event = { id: 'form:id', type: 'form:id' }
    const body = Buffer.from('id=tr_1&id=tr_2')
    expect(readEnvelope({ ...scheme, event }, new Headers(), undefined, { body })).toBeUndefined()
  })
})
