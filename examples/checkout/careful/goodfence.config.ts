import { defineConfig, defineSubject, type Subject } from 'goodfence/scenarios'
import { createShop } from './shop.ts'

/** The careful shop takes its time and its way out as options, so no global has to be replaced around it. */
function subject(name: string, database?: string): Subject {
  return defineSubject({
    name,
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
        ...(database !== undefined && { database }),
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
}

/** The shop on SQLite, as it runs as a program. */
export const careful = subject('careful', ':memory:')

/** The same without a database, for thousands of schedules a second. */
export const carefulInMemory = subject('careful in memory')

export default defineConfig({ provider: 'stripe', subject: careful })
