import { type Service } from 'goodfence'

/** What the HTTP face needs of a shop, careful or careless. */
export interface Shop {
  pay(order: {
    readonly id: string
    readonly amount: number
    readonly currency: string
    readonly card: string
  }): Promise<unknown>
  refund(id: string): Promise<unknown>
  orders(): readonly unknown[]
  webhooks(request: Request): Promise<Response>
}

/** The shop over HTTP: `POST /orders`, `GET /orders`, `POST /orders/ID/refund`, `POST /webhooks`. */
export function shopService(shop: Shop): Service {
  return async (request) => {
    const { pathname } = new URL(request.url)
    const route = `${request.method} ${pathname}`
    if (route === 'POST /webhooks') return shop.webhooks(request)
    if (route === 'GET /orders') return Response.json(shop.orders())
    const [, refunded] = /^POST \/orders\/([\w-]+)\/refund$/.exec(route) ?? []
    if (refunded !== undefined) return answered(() => shop.refund(refunded))
    if (route !== 'POST /orders') return Response.json({ error: `There is no ${route}.` }, { status: 404 })

    const order = orderOf(await request.json().catch(() => undefined))
    if (order === undefined) {
      const error = 'An order needs id, amount, currency and card.'
      return Response.json({ error }, { status: 400 })
    }
    return answered(() => shop.pay(order))
  }
}

/** What came of it; an order that nobody can tell about yet is accepted, not failed. */
async function answered(work: () => Promise<unknown>): Promise<Response> {
  try {
    return Response.json((await work()) ?? {})
  } catch {
    return Response.json({ status: 'pending' }, { status: 202 })
  }
}

function orderOf(body: unknown): Parameters<Shop['pay']>[0] | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { id, amount, currency, card } = body as Record<string, unknown>
  if (
    typeof id !== 'string' ||
    !Number.isSafeInteger(amount) ||
    typeof currency !== 'string' ||
    typeof card !== 'string'
  )
    return undefined
  return { id, amount: amount as number, currency, card }
}
