/**
 * The shop as a program: `node --conditions=goodfence-source examples/checkout/server.ts [careful|careless]`.
 *
 * STRIPE_URL, STRIPE_KEY and WEBHOOK_SECRET say which Stripe it talks to (a mock prints all three), DATABASE
 * names the file of its orders, PORT its port.
 */
import { serve } from 'goodfence/adapters/node-server'
import { createShop as createCareful } from './careful/shop.ts'
import { createShop as createCareless } from './careless/shop.ts'
import { shopService } from './http.ts'

const {
  STRIPE_URL = 'http://127.0.0.1:4010',
  STRIPE_KEY = 'sk_test_shop',
  WEBHOOK_SECRET,
  DATABASE = 'shop.db',
  PORT = '3000',
} = process.env
if (WEBHOOK_SECRET === undefined) {
  console.error('Set WEBHOOK_SECRET to the secret that `goodfence mock stripe --webhook-url ...` prints.')
  process.exit(2)
}
const kind = process.argv[2] ?? 'careful'
const options = {
  stripeUrl: STRIPE_URL,
  apiKey: STRIPE_KEY,
  webhookSecret: WEBHOOK_SECRET,
  database: DATABASE,
  ship: (id: string) => console.log(`shipped ${id}`),
}
const shop = kind === 'careless' ? createCareless(options) : createCareful(options)
const server = await serve(shopService(shop), { port: Number(PORT) })
console.log(`The ${kind} shop listens on ${server.url}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => shop.close()))
}
