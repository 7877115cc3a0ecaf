import { defineConfig, defineSubject, type ObservedOrder } from 'goodfence/scenarios'
import { createShop } from './shop.ts'

/** The careless shop knows nothing of clocks or of fetch as an option: both are replaced around it. */
export const careless = defineSubject({
  name: 'careless',
  provider: 'stripe',
  async start({ baseUrl, apiKey, webhookSecret, effect }) {
    const shop = createShop({ stripeUrl: baseUrl, apiKey, webhookSecret, ship: (id) => effect('fulfil', id) })
    return {
      webhooks: shop.webhooks,
      operations: { pay: shop.pay, refund: shop.refund },
      observe: async () => ({
        orders: Object.fromEntries(
          shop
            .orders()
            .map(({ id, status, shipped }) => [
              String(id),
              { status: status as ObservedOrder['status'], fulfilled: Number(shipped) },
            ]),
        ),
      }),
      stop: async () => shop.close(),
    }
  },
})

export default defineConfig({ provider: 'stripe', subject: careless })
