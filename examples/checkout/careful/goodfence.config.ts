import { defineConfig, defineSubject } from 'goodfence/scenarios'
import { createShop } from './shop.ts'

/** The careful shop takes its time and its way out as options, so thousands of runs a second are possible. */
export const careful = defineSubject({
  name: 'careful',
  provider: 'stripe',
  time: 'injected',
  async start({ baseUrl, fetch, clock, random, apiKey, webhookSecret, effect }) {
    const shop = createShop({
      stripeUrl: baseUrl,
      fetch,
      clock,
      random,
      apiKey,
      webhookSecret,
      ship: (id) => effect('fulfil', id),
    })
    return {
      webhooks: shop.webhooks,
      operations: { pay: shop.pay, refund: shop.refund },
      observe: async () => ({
        orders: Object.fromEntries(
          shop.orders().map(({ id, status, shipped }) => [id, { status, fulfilled: shipped }]),
        ),
      }),
      stop: shop.close,
    }
  },
})

export default defineConfig({ provider: 'stripe', subject: careful })
