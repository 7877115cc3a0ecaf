import { expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { readEnvelope } from '../../src/webhooks/envelope.ts'
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
