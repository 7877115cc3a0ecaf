import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FaultPlan } from '../../../../src/mocks/plan.ts'
import { wire } from '../../../../src/core/wire.ts'
import { type Reply, baseUrl, startMs, stripeWorld, order } from './stripe-world.ts'

const keyed = (key: string) => ({ 'idempotency-key': key })
const path = '/v1/payment_intents'
const hourMs = 3_600_000

describe('a repeated key', () => {
  test('gets the same answer, byte for byte, and is marked as a replay', async () => {
    const { post, mock } = await stripeWorld()
    const first = await post(path, order, keyed('k'))
    const second = await post(path, order, keyed('k'))

    expect(second.text).toBe(first.text)
    expect(second.status).toBe(200)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'))
    expect(second.headers.get('request-id')).not.toBe(first.headers.get('request-id'))
    expect(mock.objects('payment_intent')).toHaveLength(1)
    expect(mock.objects('charge')).toHaveLength(1)
  })

  test('replays what was answered then, whatever has happened since', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post(path, { ...order, confirm: false }, keyed('k'))
    await post(`${path}/${intent.id}/cancel`)
    const again = await post(path, { ...order, confirm: false }, keyed('k'))
    expect(again.body.status).toBe('requires_confirmation')
  })

  test('does not mind the order of fields', async () => {
    const { post, mock } = await stripeWorld()
    await post('/v1/customers', { email: 'a@shop.test', name: 'Ada' }, keyed('k'))
    const again = await post('/v1/customers', { name: 'Ada', email: 'a@shop.test' }, keyed('k'))
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(mock.objects('customer')).toHaveLength(1)
  })

  test('with other parameters is refused and changes nothing', async () => {
    const { post, mock } = await stripeWorld()
    await post(path, order, keyed('k'))
    const { status, body } = await post(path, { ...order, amount: 4300 }, keyed('k'))
    expect(status).toBe(400)
    expect(body.error.type).toBe('idempotency_error')
    expect(body.error.message).toContain('same parameters')
    expect(mock.objects('payment_intent')).toHaveLength(1)
    expect((await post(path, order, keyed('k'))).headers.get('idempotent-replayed')).toBe('true')
  })

  test('at another address is refused with the first address', async () => {
    const { post } = await stripeWorld()
    await post(path, order, keyed('k'))
    const { body } = await post('/v1/customers', {}, keyed('k'))
    expect(body.error).toMatchObject({ type: 'idempotency_error' })
    expect(body.error.message).toContain(`('${path}')`)
  })

  test('remembers a decline', async () => {
    const { post, mock } = await stripeWorld()
    const card = { ...order, payment_method: 'pm_card_chargeDeclined' }
    const first = await post(path, card, keyed('k'))
    const second = await post(path, card, keyed('k'))
    expect([first.status, second.status]).toEqual([402, 402])
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(mock.objects('charge')).toHaveLength(1)
  })

  test('remembers a refusal that came out of the execution', async () => {
    const { post } = await stripeWorld()
    const refund = () => post('/v1/refunds', { payment_intent: 'pi_none' }, keyed('k'))
    expect((await refund()).status).toBe(400)
    expect((await refund()).headers.get('idempotent-replayed')).toBe('true')
  })

  test('forgets a request that was never begun', async () => {
    const { post } = await stripeWorld()
    expect((await post(path, { ...order, amount: 'many' }, keyed('k'))).status).toBe(400)
    expect((await post(path, { amount: 1 }, keyed('k'))).status).toBe(400)
    expect((await post(path, { ...order, amount: 0 }, keyed('k'))).body.error.param).toBe('amount')
    const { status, headers } = await post(path, order, keyed('k'))
    expect(status).toBe(200)
    expect(headers.get('idempotent-replayed')).toBeNull()
  })

  test('remembers a 500 that was stored', async () => {
    const plan: FaultPlan = { faults: [{ on: { nth: [1] }, fault: { kind: 'status', status: 500, stored: true } }] }
    const { post, mock } = await stripeWorld({ plan })
    const first = await post(path, order, keyed('k'))
    const second = await post(path, order, keyed('k'))
    expect([first.status, second.status]).toEqual([500, 500])
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.headers.get('idempotency-key')).toBe('k')
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'))
    expect(mock.objects('payment_intent')).toEqual([])
  })

  test('forgets a 500 of the edge', async () => {
    const plan: FaultPlan = { faults: [{ on: { nth: [1] }, fault: { kind: 'status', status: 500 } }] }
    const { post } = await stripeWorld({ plan })
    expect((await post(path, order, keyed('k'))).status).toBe(500)
    expect((await post(path, order, keyed('k'))).status).toBe(200)
  })

  test('expires 24 hours after its first use', async () => {
    const { post, mock, clock } = await stripeWorld()
    await post(path, order, keyed('k'))
    await clock.advance(23 * hourMs)
    await post(path, order, keyed('k'))
    await clock.advance(hourMs)
    const late = await post(path, order, keyed('k'))
    expect(clock.now()).toBe(startMs + 24 * hourMs)
    expect(late.headers.get('idempotent-replayed')).toBeNull()
    expect(mock.objects('payment_intent')).toHaveLength(2)
  })

  test('is refused when it is longer than 255 characters', async () => {
    const { post } = await stripeWorld()
    expect((await post(path, order, keyed('k'.repeat(255)))).status).toBe(200)
    expect((await post(path, order, keyed('k'.repeat(256)))).status).toBe(400)
  })

  test('belongs to the account that used it', async () => {
    const { post, mock } = await stripeWorld()
    await post(path, order, keyed('k'))
    await post(path, order, { ...keyed('k'), authorization: 'Bearer sk_test_other' })
    await post(path, order, { ...keyed('k'), 'stripe-account': 'acct_1' })
    expect(mock.objects('payment_intent')).toHaveLength(3)
  })

  test('means nothing to a request that only reads', async () => {
    const { send } = await stripeWorld()
    await send('GET', path, {}, keyed('k'))
    const { headers } = await send('GET', path, {}, keyed('k'))
    expect(headers.get('idempotent-replayed')).toBeNull()
    expect(headers.get('idempotency-key')).toBeNull()
  })

  test('is told to those who hear of the event', async () => {
    const { post, mock } = await stripeWorld()
    const { headers } = await post(path, order, keyed('k'))
    expect(mock.objects('event')[0]?.['request']).toEqual({ id: headers.get('request-id'), idempotency_key: 'k' })
  })
})

describe('a key in use', () => {
  const slow: FaultPlan = { faults: [{ on: { nth: [1] }, fault: { kind: 'latency', delayMs: 1_000, at: 'during' } }] }

  test('answers 409 until its first request has ended', async () => {
    const { post, clock, mock } = await stripeWorld({ plan: slow })
    const { first, during } = await clock.run(async () => {
      const pending = post(path, order, keyed('k'))
      await clock.sleep(500)
      return { during: await post(path, order, keyed('k')), first: await pending }
    })
    expect(during.status).toBe(409)
    expect(during.body.error).toMatchObject({ type: 'idempotency_error', code: 'idempotency_key_in_use' })
    expect(first.status).toBe(200)
    const after = await post(path, order, keyed('k'))
    expect(after.text).toBe(first.text)
    expect(mock.objects('payment_intent')).toHaveLength(1)
  })

  test('completes although its client has gone', async () => {
    const { mock, clock, post } = await stripeWorld({ plan: slow })
    const body = 'amount=4200&currency=usd'
    const headers = {
      authorization: 'Bearer sk_test_goodfence',
      'content-type': 'application/x-www-form-urlencoded',
      ...keyed('k'),
    }
    await clock.run(async () => {
      const impatience = new AbortController()
      const gone = wire(mock)(new Request(baseUrl + path, { method: 'POST', headers, body }), {
        signal: impatience.signal,
      })
      clock.after(10, () => impatience.abort())
      await expect(gone).rejects.toThrow()
      await clock.sleep(2_000)
    })
    const again = await post(path, { amount: 4200, currency: 'usd' }, keyed('k'))
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(mock.objects('payment_intent')).toHaveLength(1)
  })

  test('gives thirty concurrent creates one object, or a conflict', async () => {
    const { post, mock } = await stripeWorld()
    const replies = await Promise.all(Array.from({ length: 30 }, () => post(path, order, keyed('k'))))
    expect(mock.objects('payment_intent')).toHaveLength(1)
    expect(mock.objects('charge')).toHaveLength(1)
    const made = replies.filter(({ status }) => status === 200)
    expect(made.length).toBeGreaterThan(0)
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1)
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true)
  })
})

describe('any interleaving of lost replies, retries and concurrent calls with one key', () => {
  const fault = fc.constantFrom<FaultPlan['faults'][number]['fault']>(
    { kind: 'lost-reply' },
    { kind: 'reset' },
    { kind: 'latency', delayMs: 300 },
    { kind: 'latency', delayMs: 300, at: 'during' },
    { kind: 'status', status: 500 },
    { kind: 'truncated-body', afterBytes: 20 },
  )
  const plans = fc.array(fc.record({ nth: fc.integer({ min: 1, max: 12 }), fault }), { maxLength: 6 })
  const calls = fc.array(fc.record({ startMs: fc.nat(1_000), attempts: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 6,
  })

  test('leaves one object, and every answer tells of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        calls,
        fc.constantFrom('pm_card_visa', 'pm_card_chargeDeclined'),
        async (faults, calls, card) => {
          const plan: FaultPlan = { faults: faults.map(({ nth, fault }) => ({ on: { nth: [nth] }, fault })) }
          const { post, mock, clock } = await stripeWorld({ plan })
          const replies: Reply[] = []
          await clock.run(async () => {
            await Promise.all(
              calls.map(async ({ startMs, attempts }) => {
                await clock.sleep(startMs)
                for (let attempt = 0; attempt < attempts; attempt++) {
                  try {
                    replies.push(await post(path, { ...order, payment_method: card }, keyed('order-1')))
                  } catch {
                    // no answer, or one that broke off
                  }
                  await clock.sleep(250)
                }
              }),
            )
            mock.setPlan(undefined)
            replies.push(await post(path, { ...order, payment_method: card }, keyed('order-1')))
          })
          expect(mock.objects('payment_intent')).toHaveLength(1)
          expect(mock.objects('charge')).toHaveLength(1)
          const told = replies.filter(({ status }) => status === 200 || status === 402)
          expect(new Set(told.map(({ text }) => text)).size).toBe(1)
          expect(replies.every(({ status }) => [200, 402, 409, 500].includes(status))).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })
})
