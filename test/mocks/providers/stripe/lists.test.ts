import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type StripeWorld, stripeWorld } from './stripe-world.ts'

async function withCustomers(count: number): Promise<{ world: StripeWorld; ids: string[] }> {
  const world = await stripeWorld()
  const ids: string[] = []
  for (let i = 0; i < count; i++) ids.push((await world.post('/v1/customers', { email: `${i % 2}@shop.test` })).body.id)
  return { world, ids: ids.reverse() }
}

/** Walks all pages from one end to the other. */
async function walk(
  { get }: StripeWorld,
  limit: number,
  start: string | undefined,
  cursor: 'starting_after' | 'ending_before',
) {
  const pages: string[][] = []
  let at = start
  for (;;) {
    const { body } = await get('/v1/customers', { limit, ...(at === undefined ? {} : { [cursor]: at }) })
    const ids: string[] = body.data.map(({ id }: { id: string }) => id)
    pages.push(ids)
    if (!body.has_more) return pages
    at = cursor === 'starting_after' ? ids.at(-1) : ids[0]
  }
}

describe('a list', () => {
  test('walked from either end gives each object once, in one order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 12 }), async (count, limit) => {
        const { world, ids } = await withCustomers(count)
        expect((await walk(world, limit, undefined, 'starting_after')).flat()).toEqual(ids)
        const last = ids.at(-1)
        const backwards = await walk(world, limit, last, 'ending_before')
        expect(backwards.toReversed().flat()).toEqual(ids.slice(0, -1))
      }),
      { numRuns: 30 },
    )
  })

  test('stays steady under writes: what is new never shows on later pages', async () => {
    const { world, ids } = await withCustomers(4)
    const { body: first } = await world.get('/v1/customers', { limit: 2 })
    await world.post('/v1/customers')
    await world.del(`/v1/customers/${ids[3]}`)
    const { body: second } = await world.get('/v1/customers', { limit: 2, starting_after: first.data[1].id })
    expect(second.data.map(({ id }: { id: string }) => id)).toEqual([ids[2]])
  })

  test('goes on from a cursor that was deleted meanwhile', async () => {
    const { world, ids } = await withCustomers(3)
    await world.del(`/v1/customers/${ids[1]}`)
    const { body } = await world.get('/v1/customers', { starting_after: ids[1] as string })
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([ids[2]])
  })

  test('has ten objects to a page unless told otherwise, and says what it is', async () => {
    const { world } = await withCustomers(11)
    const { body } = await world.get('/v1/customers')
    expect(body).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
    expect(body.data).toHaveLength(10)
  })

  test.each([0, 101, -1])('refuses a limit of %i', async (limit) => {
    const { get } = await stripeWorld()
    const { status, body } = await get('/v1/customers', { limit })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({
      type: 'invalid_request_error',
      code: 'parameter_invalid_integer',
      param: 'limit',
    })
  })

  test('refuses a cursor that was never there, and two cursors', async () => {
    const { get } = await stripeWorld()
    const lost = await get('/v1/customers', { starting_after: 'cus_none' })
    expect(lost.status).toBe(400)
    expect(lost.body.error).toMatchObject({ code: 'resource_missing', param: 'starting_after' })
    expect((await get('/v1/customers', { starting_after: 'a', ending_before: 'b' })).status).toBe(400)
  })

  test('filters by fields and by time', async () => {
    const { world } = await withCustomers(5)
    expect((await world.get('/v1/customers', { email: '0@shop.test' })).body.data).toHaveLength(3)
    await world.clock.advance(60_000)
    const { body: late } = await world.post('/v1/customers')
    const since = await world.get('/v1/customers', { created: { gte: late.created } })
    expect(since.body.data.map(({ id }: { id: string }) => id)).toEqual([late.id])
    expect((await world.get('/v1/customers', { created: { lt: late.created } })).body.data).toHaveLength(5)
    expect((await world.get('/v1/customers', { created: late.created })).body.data).toHaveLength(1)
  })

  test('filters payment intents, charges and refunds by what they belong to', async () => {
    const { post, get } = await stripeWorld()
    const order = {
      amount: 900,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      payment_method_types: ['card'],
      confirm: true,
    }
    const { body: customer } = await post('/v1/customers')
    const { body: own } = await post('/v1/payment_intents', { ...order, customer: customer.id })
    await post('/v1/payment_intents', order)
    const { body: refund } = await post('/v1/refunds', { payment_intent: own.id })
    const ids = async (path: string, query: object) =>
      (await get(path, { ...query })).body.data.map(({ id }: { id: string }) => id) as string[]
    expect(await ids('/v1/payment_intents', { customer: customer.id })).toEqual([own.id])
    expect(await ids('/v1/charges', { payment_intent: own.id })).toEqual([own.latest_charge])
    expect(await ids('/v1/charges', { customer: customer.id })).toEqual([own.latest_charge])
    expect(await ids('/v1/refunds', { charge: own.latest_charge })).toEqual([refund.id])
    expect(await ids('/v1/balance_transactions', { type: 'refund' })).toEqual([refund.balance_transaction])
  })
})
