import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventOfJob, jobDataOf, jobIdOf } from '../../../src/webhooks/bridges/job.ts'
import { type WebhookEvent } from '../../../src/webhooks/handler.ts'

const key = fc.record({ provider: fc.string(), account: fc.string(), subscription: fc.string(), id: fc.string() })

const event: fc.Arbitrary<WebhookEvent> = fc
  .tuple(
    key,
    fc.record({ type: fc.string(), receivedAtMs: fc.nat() }),
    fc.option(fc.nat(), { nil: undefined }),
    fc.oneof(
      fc.uint8Array(),
      fc.json().map((json) => Buffer.from(json)),
    ),
  )
  .map(([names, facts, occurredAtMs, bytes]) =>
    eventOfJob({
      ...names,
      ...facts,
      ...(occurredAtMs === undefined ? {} : { occurredAtMs }),
      body: Buffer.from(bytes).toString('base64'),
    }),
  )

describe('the data of a job', () => {
  test('gives the event back, byte for byte, after a journey as JSON', () => {
    fc.assert(
      fc.property(event, (event) => {
        expect(eventOfJob(JSON.parse(JSON.stringify(jobDataOf(event))))).toEqual(event)
      }),
    )
  })

  test('keeps numbers that a parser would round', () => {
    const body = Uint8Array.from(Buffer.from('{"amount":1.0,"id":12345678901234567890}'))
    const event = eventOfJob(jobDataOf({ ...eventOfJob({ ...names, type: 't', receivedAtMs: 1, body: '' }), body }))
    expect(Buffer.from(event.body).toString()).toBe('{"amount":1.0,"id":12345678901234567890}')
  })
})

const names = { provider: 'stripe', account: '', subscription: '', id: 'evt_1' }
const named = (parts: Partial<typeof names>) => eventOfJob({ ...names, ...parts, type: 't', receivedAtMs: 1, body: '' })

describe('the id of a job', () => {
  test('stays what it is, or events handed over by an older version would be handed over again', () => {
    expect(jobIdOf(named({}), { replays: 0 })).toBe('05bd8cbb-61a3-5c75-9586-e44c999c6b8e')
  })

  test('is a UUID of version 5, which pg-boss demands and BullMQ takes', () => {
    fc.assert(
      fc.property(event, fc.nat(), (event, replays) => {
        expect(jobIdOf(event, { replays })).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
      }),
    )
  })

  test('tells every event and every replay from the others, however they are written', () => {
    fc.assert(
      fc.property(event, event, fc.nat(2), fc.nat(2), (one, other, replays, more) => {
        const partsOf = ({ provider, account, subscription, id }: WebhookEvent, count: number) =>
          JSON.stringify([provider, account, subscription, id, count])
        const same = partsOf(one, replays) === partsOf(other, more)
        expect(jobIdOf(one, { replays }) === jobIdOf(other, { replays: more })).toBe(same)
      }),
    )
    const twins = [named({ account: 'a', subscription: 'b' }), named({ account: 'ab' }), named({ subscription: 'ab' })]
    expect(new Set(twins.map((event) => jobIdOf(event, { replays: 0 })))).toHaveLength(3)
  })
})
