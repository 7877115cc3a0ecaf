import { join } from 'node:path'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { loadDocument } from '../../src/openapi/load.ts'
import { isNode } from '../../src/openapi/model.ts'
import { validateRequest } from '../../src/openapi/validate-request.ts'

const document = await loadDocument(join(import.meta.dirname, '../../specs/stripe/openapi.yaml'))

/** What the slice says against a request of the official library. */
const complaints: string[] = []
const seen = new Set<string>()

/** Answers with the slice's first example, after judging the request by the slice. */
async function judge(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const match = document.match(request.method, url.pathname)
  if (match === undefined) throw new Error(`The slice has no ${request.method} ${url.pathname}.`)
  const { operation, params } = match
  seen.add(operation.name)
  const { problems, undeclared } = validateRequest(document, operation, {
    params,
    query: url.searchParams,
    headers: request.headers,
    contentType: request.headers.get('content-type'),
    body: new Uint8Array(await request.arrayBuffer()),
  })
  complaints.push(...problems.map(({ name, message }) => `${operation.name} ${name}: ${message}`))
  complaints.push(...undeclared.map((name) => `${operation.name} ${name}: is not declared`))
  return Response.json(exampleOf(operation.responses['200']?.content['application/json']?.['examples']))
}

function exampleOf(examples: unknown): unknown {
  const [first] = Object.values(isNode(examples) ? examples : {})
  const example = isNode(first) && typeof first['$ref'] === 'string' ? document.resolve(first['$ref']) : first
  return isNode(example) ? example['value'] : undefined
}

const sdk = new Stripe('sk_test_slice', {
  httpClient: Stripe.createFetchHttpClient(judge),
  maxNetworkRetries: 0,
  telemetry: false,
})
const address = { line1: '12 Hedge Lane', city: 'Leeds', postal_code: 'LS1 4AP', country: 'GB' }

/** What earlier versions of the library sent, and its types no longer name. */
const olderParameters: object = { payment_method_types: ['card', 'link'] }

/** One call, or a few, of each operation, with the parameters that integrations send. */
const calls: readonly (() => PromiseLike<unknown>)[] = [
  () => sdk.customers.create(),
  () =>
    sdk.customers.create({
      email: 'ada@example.test',
      name: 'Ada',
      phone: '+441130000000',
      description: 'Buys teapots',
      address,
      shipping: { name: 'Ada', address },
      metadata: { shop_id: '1043' },
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      preferred_locales: ['en-GB'],
    }),
  () => sdk.customers.retrieve('cus_1', { expand: ['invoice_settings.default_payment_method'] }),
  () => sdk.customers.update('cus_1', { metadata: { shop_id: '' }, address: '', shipping: '' }),
  () => sdk.customers.update('cus_1', { metadata: '' }),
  () =>
    sdk.customers.list({ limit: 3, email: 'ada@example.test', created: { gte: 1, lt: 2 }, starting_after: 'cus_1' }),
  () => sdk.customers.list({ created: 1767225600, ending_before: 'cus_1' }),
  () => sdk.customers.listPaymentMethods('cus_1', { type: 'card', limit: 10 }),
  () => sdk.customers.retrievePaymentMethod('cus_1', 'pm_1', { expand: ['customer'] }),
  () => sdk.customers.del('cus_1'),
  () =>
    sdk.products.create({
      name: 'Teapot',
      description: 'Holds four cups.',
      images: ['https://shop.example.test/teapot.png'],
      metadata: { sku: 't-1' },
      default_price_data: { currency: 'gbp', unit_amount: 4200 },
      package_dimensions: { height: 6, length: 10, weight: 30, width: 7.5 },
      shippable: true,
    }),
  () => sdk.products.retrieve('prod_1', { expand: ['default_price'] }),
  () => sdk.products.update('prod_1', { active: false, description: '', images: '', url: 'https://shop.example.test' }),
  () => sdk.products.list({ active: true, ids: ['prod_1', 'prod_2'], limit: 2 }),
  () => sdk.products.del('prod_1'),
  () => sdk.prices.create({ currency: 'gbp', unit_amount: 4200, product: 'prod_1', lookup_key: 'teapot' }),
  () =>
    sdk.prices.create({
      currency: 'gbp',
      unit_amount_decimal: Stripe.Decimal.from('0.5'),
      product_data: { name: 'Tea' },
      recurring: { interval: 'month', interval_count: 3, usage_type: 'licensed' },
      tax_behavior: 'inclusive',
    }),
  () =>
    sdk.prices.create({
      currency: 'gbp',
      product: 'prod_1',
      billing_scheme: 'tiered',
      tiers_mode: 'volume',
      tiers: [
        { up_to: 10, unit_amount: 100 },
        { up_to: 'inf', unit_amount: 90 },
      ],
      recurring: { interval: 'month' },
    }),
  () => sdk.prices.retrieve('price_1', { expand: ['product'] }),
  () => sdk.prices.update('price_1', { active: false, nickname: 'old', metadata: { a: 'b' } }),
  () => sdk.prices.list({ product: 'prod_1', active: true, lookup_keys: ['teapot'], recurring: { interval: 'month' } }),
  () =>
    sdk.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 8, exp_year: 2031, cvc: '123' },
      billing_details: { name: 'Ada', email: 'ada@example.test', address },
      metadata: { a: 'b' },
    }),
  () => sdk.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } }),
  () => sdk.paymentMethods.create({ type: 'sepa_debit', sepa_debit: { iban: 'DE89370400440532013000' } }),
  () => sdk.paymentMethods.retrieve('pm_1'),
  () => sdk.paymentMethods.update('pm_1', { card: { exp_month: 9, exp_year: 2032 }, billing_details: { name: '' } }),
  () => sdk.paymentMethods.attach('pm_1', { customer: 'cus_1' }),
  () => sdk.paymentMethods.detach('pm_1'),
  () => sdk.paymentMethods.list({ customer: 'cus_1', type: 'card' }),
  () => sdk.paymentIntents.create({ amount: 4200, currency: 'gbp' }),
  () =>
    sdk.paymentIntents.create(
      {
        amount: 4200,
        currency: 'gbp',
        customer: 'cus_1',
        payment_method: 'pm_card_visa',
        confirm: true,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        capture_method: 'manual',
        off_session: true,
        metadata: { order_id: 'order-1' },
        description: 'One teapot',
        receipt_email: 'ada@example.test',
        return_url: 'https://shop.example.test/return',
        setup_future_usage: 'off_session',
        statement_descriptor_suffix: 'TEAPOT',
        shipping: { name: 'Ada', address, phone: '1', carrier: 'Post', tracking_number: '7' },
        expand: ['latest_charge', 'customer'],
      },
      { idempotencyKey: 'order-1', stripeAccount: 'acct_1' },
    ),
  () =>
    sdk.paymentIntents.create({
      amount: 4200,
      currency: 'gbp',
      ...olderParameters,
      payment_method_options: { card: { request_three_d_secure: 'any', setup_future_usage: 'off_session' } },
      payment_method_data: { type: 'sepa_debit', sepa_debit: { iban: 'DE89370400440532013000' } },
      off_session: 'one_off',
      error_on_requires_action: true,
      confirmation_method: 'manual',
      statement_descriptor: 'FENCE SHOP',
      application_fee_amount: 42,
      transfer_data: { destination: 'acct_1', amount: 4000 },
      transfer_group: 'order-1',
      on_behalf_of: 'acct_1',
      use_stripe_sdk: true,
    }),
  () => sdk.paymentIntents.retrieve('pi_1', { expand: ['latest_charge.balance_transaction'] }),
  () => sdk.paymentIntents.retrieve('pi_1', { client_secret: 'pi_1_secret_2' }),
  () => sdk.paymentIntents.update('pi_1', { amount: 4300, receipt_email: '', shipping: '', setup_future_usage: '' }),
  () => sdk.paymentIntents.confirm('pi_1'),
  () => sdk.paymentIntents.confirm('pi_1', { payment_method: 'pm_card_visa', return_url: 'https://shop.example.test' }),
  () => sdk.paymentIntents.capture('pi_1'),
  () => sdk.paymentIntents.capture('pi_1', { amount_to_capture: 1000, metadata: { a: 'b' } }),
  () => sdk.paymentIntents.cancel('pi_1', { cancellation_reason: 'requested_by_customer' }),
  () => sdk.paymentIntents.list({ customer: 'cus_1', created: { gte: 1 }, limit: 100, expand: ['data.customer'] }),
  () =>
    sdk.refunds.create({ payment_intent: 'pi_1', amount: 1200, reason: 'requested_by_customer', metadata: { a: 'b' } }),
  () => sdk.refunds.create({ charge: 'ch_1', reverse_transfer: true, refund_application_fee: true }),
  () => sdk.refunds.retrieve('re_1', { expand: ['charge'] }),
  () => sdk.refunds.update('re_1', { metadata: { a: 'b' } }),
  () => sdk.refunds.cancel('re_1'),
  () => sdk.refunds.list({ payment_intent: 'pi_1', charge: 'ch_1', limit: 1 }),
  () => sdk.charges.retrieve('ch_1', { expand: ['refunds', 'balance_transaction'] }),
  () => sdk.charges.list({ customer: 'cus_1', payment_intent: 'pi_1', created: { gt: 1, lte: 5 } }),
  () => sdk.balanceTransactions.retrieve('txn_1', { expand: ['source'] }),
  () => sdk.balanceTransactions.list({ type: 'charge', source: 'ch_1', currency: 'gbp', payout: 'po_1' }),
  () => sdk.events.retrieve('evt_1'),
  () => sdk.events.list({ type: 'payment_intent.*', delivery_success: false, created: { gte: 1 } }),
  () => sdk.events.list({ types: ['charge.failed', 'charge.succeeded'] }),
  () => sdk.webhookEndpoints.create({ url: 'https://shop.example.test/hooks', enabled_events: ['*'] }),
  () =>
    sdk.webhookEndpoints.create({
      url: 'https://shop.example.test/hooks',
      enabled_events: ['payment_intent.succeeded', 'charge.refunded', 'checkout.session.completed'],
      description: 'The shop',
      metadata: { a: 'b' },
      connect: false,
      api_version: '2023-08-16',
    }),
  () => sdk.webhookEndpoints.retrieve('we_1'),
  () => sdk.webhookEndpoints.update('we_1', { disabled: true, enabled_events: ['charge.failed'], description: '' }),
  () => sdk.webhookEndpoints.list({ limit: 5 }),
  () => sdk.webhookEndpoints.del('we_1'),
]

test('the official library sends nothing that the slice of Stripe refuses, and uses every operation of it', async () => {
  for (const call of calls) await call()

  expect(complaints).toEqual([])
  expect(document.operations.map((operation) => operation.name).filter((name) => !seen.has(name))).toEqual([])
})

test('a parameter that Stripe does not have is refused by the slice', async () => {
  complaints.length = 0
  await sdk.customers.create({ emial: 'ada@example.test' } as object)
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toContain('emial')
})
