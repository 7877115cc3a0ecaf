import { defineSubject, type RunningSubject, type Subject, type SubjectEnv } from '../../src/scenarios/define.ts'

/** Ways in which a shop of the tests can be bad. */
export interface Vices {
  readonly name?: string
  /** A new key for each attempt, or none. */
  readonly keyless?: boolean
  /** Looks whether the order is paid, waits for its database, then sends the goods. */
  readonly checksThenActs?: boolean
  readonly believesAnybody?: boolean
  readonly noTimeout?: boolean
  readonly retriesAtOnce?: boolean
  /** Does more, or something else, when it starts. */
  readonly start?: (env: SubjectEnv) => void | Promise<void>
  readonly running?: (running: RunningSubject, env: SubjectEnv) => RunningSubject
  readonly time?: NonNullable<Subject['time']>
}

/** A shop at the fake provider: good, but for its vices. */
export function shop(vices: Vices = {}): Subject {
  return defineSubject({
    name: vices.name ?? 'shop',
    provider: 'fake',
    time: vices.time ?? 'injected',
    async start(env) {
      await vices.start?.(env)
      const orders: Record<string, { status: 'pending' | 'paid' | 'failed'; fulfilled: number }> = {}
      const seen = new Set<string>()

      async function fulfil(id: string): Promise<void> {
        const order = (orders[id] ??= { status: 'pending', fulfilled: 0 })
        if (vices.checksThenActs) {
          if (order.status === 'paid') return
          await env.clock.sleep(5)
        } else if (order.status === 'paid') return
        order.status = 'paid'
        order.fulfilled++
        env.effect('fulfil', id)
      }

      async function attemptPay(id: string, amount: number, card: string): Promise<Response> {
        const headers = {
          authorization: `Bearer ${env.apiKey}`,
          ...(vices.keyless ? {} : { 'idempotency-key': `pay-${id}` }),
        }
        const controller = new AbortController()
        const cancel = vices.noTimeout
          ? () => {}
          : env.clock.after(10_000, () => controller.abort(new Error('too slow')))
        try {
          const request = new Request(`${env.baseUrl}/charges`, {
            method: 'POST',
            headers,
            body: JSON.stringify({ order: id, amount, card }),
          })
          const response = await env.fetch(request, { signal: controller.signal })
          if (response.status >= 500) throw new Error(`status ${response.status}`)
          return response
        } finally {
          cancel()
        }
      }

      const running: RunningSubject = {
        async webhooks(request) {
          if (!vices.believesAnybody && request.headers.get('x-secret') !== env.webhookSecret)
            return new Response(null, { status: 400 })
          const { id, type, object } = (await request.json()) as { id: string; type: string; object: { order: string } }
          if (!vices.checksThenActs && seen.has(id)) return new Response(null, { status: 200 })
          seen.add(id)
          if (type === 'charge.succeeded') await fulfil(object.order)
          return new Response(null, { status: 200 })
        },
        operations: {
          async pay({ id, amount, card }) {
            orders[id] ??= { status: 'pending', fulfilled: 0 }
            for (let attempt = 1; ; attempt++) {
              try {
                return await attemptPay(id, amount, card)
              } catch (error) {
                if (attempt === 3) throw error
                await env.clock.sleep(vices.retriesAtOnce ? 0 : 200 * attempt)
              }
            }
          },
        },
        observe: async () => ({ orders }),
        stop: async () => {},
      }
      return vices.running?.(running, env) ?? running
    },
  })
}
