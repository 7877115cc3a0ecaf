import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  type Observed,
  type RunningSubject,
  type Subject,
  type SubjectEnv,
  defineSubject,
} from '../../src/scenarios/define.ts'
import { type Order } from '../../src/scenarios/workload.ts'

/** Ways in which a shop at Stripe can be bad, each the reason why some built-in scenario exists. */
export type Vice =
  | 'no key'
  | 'one key for ever'
  | 'no timeout'
  | 'timeout ends at headers'
  | 'no deadline'
  | 'hot retries'
  | 'ignores Retry-After'
  | 'sleeps as long as it is told'
  | 'retries declines'
  | 'believes any 200'
  | 'believes an unparsed answer failed'
  | 'gives up on a conflict'
  | 'lets parse errors escape'
  | 'last write wins'
  | 'check, then act'
  | 'no deduplication'
  | 'no verification'
  | 'no header, no verification'
  | 'crashes on a short signature'
  | 'no freshness, no deduplication'
  | 'knows orders by payment alone'
  | 'refuses unknown types'
  | 'refuses unknown members'
  | 'checks the first signature alone'
  | 'knows events by their bytes'
  | 'stops at a poison event'
  | 'crashes on unknown orders'
  | 'refunds blindly'
  | 'no lock'
  | 'one key for all orders'
  | 'leaves a timer'
  | 'ignores authentication'
  | 'logs the key'
  | 'forgets to fulfil'
  | 'fulfils by webhook alone'
  | 'takes silence for success'

interface Row {
  status: 'pending' | 'paid' | 'failed' | 'refunded'
  fulfilled: number
  intent?: string
  /** Changes with every definite refusal, so that a corrected try is a new request. */
  generation: number
}

interface StripeEvent {
  readonly id: string
  readonly type: string
  readonly data: {
    readonly object: {
      readonly id: string
      readonly object: string
      readonly metadata: Record<string, string>
      readonly status: string
    }
  }
}

/** A shop at Stripe on bare `fetch` that does everything right, but for its vices. */
export function stripeShop(vices: readonly Vice[] = [], time: NonNullable<Subject['time']> = 'injected'): Subject {
  const has = (vice: Vice) => vices.includes(vice)
  return defineSubject({
    name: vices.length === 0 ? 'a careful shop' : `a shop with ${vices.join(', ')}`,
    provider: 'stripe',
    time,
    start: async (env) => startShop(env, has),
  })
}

async function startShop(env: SubjectEnv, has: (vice: Vice) => boolean): Promise<RunningSubject> {
  const { clock, apiKey, baseUrl } = env
  const rows = new Map<string, Row>()
  const byIntent = new Map<string, string>()
  const paying = new Map<string, Promise<unknown>>()
  const seen = new Set<string>()
  let poisoned = false
  const poll = () => void clock.after(60_000, poll)
  if (has('leaves a timer')) poll()

  const rowOf = (id: string): Row => {
    let row = rows.get(id)
    if (row === undefined) rows.set(id, (row = { status: 'pending', fulfilled: 0, generation: 0 }))
    return row
  }

  async function markPaid(id: string, row: Row): Promise<void> {
    if (row.status === 'refunded' || row.fulfilled > 0) {
      const trusting = has('no deduplication') || has('no freshness, no deduplication')
      if (!trusting && !has('knows events by their bytes')) return
    }
    if (has('check, then act')) await clock.sleep(5)
    row.status = 'paid'
    if (has('forgets to fulfil')) return
    row.fulfilled++
    env.effect('fulfil', id)
  }

  async function send(
    path: string,
    body: URLSearchParams,
    key: string | undefined,
  ): Promise<{ status: number; headers: Headers; json: Record<string, unknown> }> {
    const controller = new AbortController()
    const cancel = has('no timeout')
      ? () => {}
      : clock.after(10_000, () => controller.abort(new Error('no answer within 10 s')))
    try {
      const headers: Record<string, string> = {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/x-www-form-urlencoded',
      }
      if (key !== undefined) headers['idempotency-key'] = key
      if (has('logs the key')) console.log(headers)
      const request = new Request(`${baseUrl}${path}`, { method: 'POST', headers, body: body.toString() })
      const response = await env.fetch(request, { signal: controller.signal })
      if (has('timeout ends at headers')) cancel()
      const text = await response.text()
      return { status: response.status, headers: response.headers, json: parsed(text, response.status) }
    } finally {
      cancel()
    }
  }

  function parsed(text: string, status: number): Record<string, unknown> {
    if (has('believes any 200') && status === 200 && !text.startsWith('{'))
      return { id: 'unknown', status: 'succeeded' }
    return JSON.parse(text) as Record<string, unknown>
  }

  /** Sends until there is a definite answer, a few times, with pauses, for at most 45 seconds. */
  async function persist(
    path: string,
    body: URLSearchParams,
    keyOf: (attempt: number) => string | undefined,
  ): Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }> {
    const deadlineMs = clock.monotonic() + (has('no deadline') ? Infinity : 30_000)
    const attempts = has('no deadline') ? 12 : 6
    for (let attempt = 1; ; attempt++) {
      let pauseMs = 500 * 2 ** (attempt - 1)
      try {
        const answer = await send(path, body, keyOf(attempt))
        const { status, headers } = answer
        const passing =
          status === 429 ||
          status >= 500 ||
          (status === 409 && !has('gives up on a conflict')) ||
          (status === 402 && has('retries declines'))
        if (!passing) return answer
        const asked = headers.get('retry-after')
        if (asked !== null && !has('ignores Retry-After')) {
          const askedMs = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - clock.now()
          if (askedMs > 10_000 && !has('sleeps as long as it is told')) throw new GivenUp()
          pauseMs = Math.max(pauseMs, askedMs)
        }
      } catch (error) {
        if (error instanceof GivenUp) throw error
        if (has('takes silence for success')) return { status: 200, json: { id: 'pi_imagined', status: 'succeeded' } }
        if (has('lets parse errors escape') && error instanceof SyntaxError) void Promise.reject(error)
        if (has('believes an unparsed answer failed') && error instanceof SyntaxError) return { status: 400, json: {} }
      }
      if (attempt >= attempts || clock.monotonic() + pauseMs > deadlineMs) {
        if (has('takes silence for success')) return { status: 200, json: { id: 'pi_imagined', status: 'succeeded' } }
        throw new GivenUp()
      }
      await clock.sleep(has('hot retries') ? 0 : has('ignores Retry-After') ? 200 : pauseMs)
    }
  }

  async function payOnce(order: Order): Promise<unknown> {
    const row = rowOf(order.id)
    if (row.status === 'paid' || row.status === 'refunded') return row
    const body = new URLSearchParams({
      amount: String(order.amount),
      currency: order.currency,
      payment_method: order.card,
      confirm: 'true',
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
    })
    body.set('metadata[order_id]', order.id)
    const generation = has('one key for ever') ? 0 : row.generation
    const name = has('one key for all orders') ? 'order' : order.id
    const key = (attempt: number) =>
      has('no key') ? undefined : `${name}-${generation}${has('no lock') ? `-${attempt}-${clock.now()}` : ''}`
    const answer = await persist('/v1/payment_intents', body, key)
    const { json, status } = answer
    if (status !== 200) {
      row.generation++
      if (has('believes an unparsed answer failed') && status === 400) row.status = 'failed'
      else if (row.status === 'pending') row.status = 'failed'
      return row
    }
    row.intent = json['id'] as string
    byIntent.set(row.intent, order.id)
    if (has('fulfils by webhook alone')) return row
    if (json['status'] === 'succeeded' || (has('ignores authentication') && json['status'] === 'requires_action'))
      await markPaid(order.id, row)
    return row
  }

  async function handle(event: StripeEvent): Promise<void> {
    const { object } = event.data
    if (has('refuses unknown members') && 'novelty' in event) throw new Error('unknown member novelty')
    if (has('stops at a poison event') && poisoned) throw new Error('still busy with an earlier event')
    if (object.object !== 'payment_intent') {
      if (has('refuses unknown types')) throw new Error(`unknown type ${event.type}`)
      return
    }
    const id = has('knows orders by payment alone') ? byIntent.get(object.id) : object.metadata?.['order_id']
    if (id === undefined || !rows.has(id)) {
      if (has('stops at a poison event')) {
        poisoned = true
        throw new Error('poison')
      }
      if (has('crashes on unknown orders')) void Promise.reject(new Error(`no order ${id}`))
      return
    }
    const row = rowOf(id)
    if (has('last write wins')) {
      if (object.status === 'succeeded') await markPaid(id, row)
      else row.status = object.status === 'requires_payment_method' ? 'failed' : 'pending'
      return
    }
    if (event.type === 'payment_intent.succeeded') await markPaid(id, row)
    else if (event.type === 'payment_intent.payment_failed' && row.status === 'pending') row.status = 'failed'
  }

  function genuine(header: string | null, text: string): boolean {
    if (has('no verification')) return true
    if (has('no header, no verification') && (header === null || header === '')) return true
    const fields = (header ?? '').split(',').map((part) => part.split('=', 2) as [string, string])
    const time = fields.find(([name]) => name === 't')?.[1]
    const signatures = fields.filter(([name]) => name === 'v1').map(([, value]) => value)
    const given = has('checks the first signature alone') ? signatures.slice(0, 1) : signatures
    return given.some((each) => isRight(each, time, text))
  }

  function isRight(signature: string, time: string | undefined, text: string): boolean {
    const given = Buffer.from(signature, 'utf8')
    const wanted = Buffer.from(createHmac('sha256', env.webhookSecret).update(`${time}.${text}`).digest('hex'), 'utf8')
    if (given.length !== wanted.length) {
      if (has('crashes on a short signature') && given.length > 0)
        void Promise.reject(new RangeError('Input buffers must have the same byte length'))
      return false
    }
    const fresh = has('no freshness, no deduplication') || Math.abs(clock.now() / 1000 - Number(time)) <= 300
    return fresh && timingSafeEqual(given, wanted)
  }

  return {
    async webhooks(request) {
      const text = await request.text()
      if (!genuine(request.headers.get('stripe-signature'), text)) return new Response(null, { status: 400 })
      const event = JSON.parse(text) as StripeEvent
      const name = has('knows events by their bytes') ? text : event.id
      const dedupes = !has('no deduplication') && !has('no freshness, no deduplication') && !has('check, then act')
      if (dedupes && seen.has(name)) return new Response(null, { status: 200 })
      try {
        seen.add(name)
        await handle(event)
        return new Response(null, { status: 200 })
      } catch {
        seen.delete(name)
        return new Response(null, { status: 500 })
      }
    },
    operations: {
      pay(order) {
        const before = has('no lock') ? undefined : paying.get(order.id)
        if (before !== undefined) return before
        const payment = payOnce(order).finally(() => paying.delete(order.id))
        paying.set(order.id, payment)
        return payment
      },
      async refund(orderId) {
        const row = rowOf(orderId)
        const body = new URLSearchParams({ payment_intent: row.intent ?? '' })
        const { status } = await persist('/v1/refunds', body, () =>
          has('refunds blindly') ? undefined : `refund-${orderId}`,
        )
        if (status === 200) row.status = 'refunded'
        return row
      },
    },
    observe: async (): Promise<Observed> => ({
      orders: Object.fromEntries([...rows].map(([id, { status, fulfilled }]) => [id, { status, fulfilled }])),
    }),
    stop: async () => {},
  }
}

class GivenUp extends Error {}
