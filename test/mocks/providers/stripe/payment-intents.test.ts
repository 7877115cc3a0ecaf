import { describe, expect, test } from 'vitest'
import { type StripeWorld, stripeWorld } from './stripe-world.ts'

const order = { amount: 4200, currency: 'usd', payment_method_types: ['card'] }
const paid = { ...order, payment_method: 'pm_card_visa', confirm: true }

const refundFree = (world: StripeWorld) => world.mock.objects('refund').length === 0

describe('a payment intent', () => {
  test('begins without a payment method', async () => {
    const { post, events } = await stripeWorld()

    const { status, body } = await post('/v1/payment_intents', { ...order, metadata: { order_id: 'o-1' } })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...order,
      status: 'requires_payment_method',
      metadata: { order_id: 'o-1' },
      livemode: false,
    })
    expect(body.id).toMatch(/^pi_[A-Za-z0-9]{24}$/)
    expect(body.client_secret).toMatch(new RegExp(`^${body.id}_secret_[A-Za-z0-9]{25}$`))
    expect(events()).toEqual(['payment_intent.created'])
  })

  test('waits for confirmation once it has a payment method', async () => {
    const { post } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', { ...order, payment_method: 'pm_card_visa' })
    expect(body.status).toBe('requires_confirmation')
    expect(body.payment_method).toMatch(/^pm_[A-Za-z0-9]{24}$/)
  })

  test('is paid at once when it is created with confirm', async () => {
    const { post, get, events } = await stripeWorld()

    const { body } = await post('/v1/payment_intents', {
      ...paid,
      metadata: { order_id: 'o-1' },
      description: 'One teapot',
    })

    expect(body).toMatchObject({ status: 'succeeded', amount_received: 4200, amount_capturable: 0, next_action: null })
    const charge = await get(`/v1/charges/${body.latest_charge}`)
    expect(charge.body).toMatchObject({
      amount: 4200,
      amount_captured: 4200,
      captured: true,
      paid: true,
      status: 'succeeded',
      payment_intent: body.id,
      metadata: { order_id: 'o-1' },
      description: 'One teapot',
      payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    })
    expect(events()).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'])
  })

  test('books the charge with the assumed fee of 2.9 percent and 30', async () => {
    const { post, get } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', paid)
    const charge = await get(`/v1/charges/${body.latest_charge}`)
    const booked = await get(`/v1/balance_transactions/${charge.body.balance_transaction}`)
    expect(booked.body).toMatchObject({ amount: 4200, fee: 152, net: 4048, type: 'charge', source: charge.body.id })
  })

  test('is confirmed with the payment method of the confirmation', async () => {
    const { post } = await stripeWorld()
    const created = await post('/v1/payment_intents', order)
    const { body } = await post(`/v1/payment_intents/${created.body.id}/confirm`, {
      payment_method: 'pm_card_mastercard',
    })
    expect(body).toMatchObject({ id: created.body.id, status: 'succeeded' })
  })

  test('cannot be confirmed without a payment method', async () => {
    const { post } = await stripeWorld()
    const created = await post('/v1/payment_intents', order)
    const { status, body } = await post(`/v1/payment_intents/${created.body.id}/confirm`)
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'payment_intent_unexpected_state' })
  })

  test('cannot be confirmed twice', async () => {
    const { post, mock } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', paid)
    const { status, body } = await post(`/v1/payment_intents/${intent.id}/confirm`, { payment_method: 'pm_card_visa' })
    expect(status).toBe(400)
    expect(body.error.code).toBe('payment_intent_unexpected_state')
    expect(body.error.payment_intent.id).toBe(intent.id)
    expect(mock.objects('charge')).toHaveLength(1)
  })

  test('takes card details and tokens in place of a payment method', async () => {
    const { post } = await stripeWorld()
    const pay = (card: object) =>
      post('/v1/payment_intents', { ...order, confirm: true, payment_method_data: { type: 'card', card } })
    expect((await pay({ token: 'tok_visa' })).body.status).toBe('succeeded')
    const details = { number: '4000 0000 0000 0002', exp_month: 8, exp_year: 2031, cvc: '123' }
    expect((await pay(details)).body.error.decline_code).toBe('generic_decline')
  })

  test('that is set up for later leaves its payment method with the customer', async () => {
    const { post, get, events } = await stripeWorld()
    const { body: customer } = await post('/v1/customers')
    const { body } = await post('/v1/payment_intents', {
      ...paid,
      customer: customer.id,
      setup_future_usage: 'off_session',
    })
    const { body: methods } = await get('/v1/payment_methods', { customer: customer.id })
    expect(methods.data.map(({ id }: { id: string }) => id)).toEqual([body.payment_method])
    expect(events()).toContain('payment_method.attached')
  })

  test('with automatic payment methods needs a return URL or no redirects', async () => {
    const { post } = await stripeWorld()
    const { payment_method_types: _, ...unnamed } = paid
    const enabled = { ...unnamed, automatic_payment_methods: { enabled: true } }
    expect((await post('/v1/payment_intents', enabled)).status).toBe(400)
    const never = { ...unnamed, automatic_payment_methods: { enabled: true, allow_redirects: 'never' } }
    expect((await post('/v1/payment_intents', never)).body.status).toBe('succeeded')
    const back = { ...enabled, return_url: 'https://shop.test/back' }
    expect((await post('/v1/payment_intents', back)).body.status).toBe('succeeded')
  })
})

describe('a payment intent that names no payment methods', () => {
  const path = '/v1/payment_intents'
  const order = { amount: 4200, currency: 'usd' }
  const unnamed = { ...order, payment_method: 'pm_card_visa', confirm: true }
  const asking = (version: string) => ({ 'stripe-version': version })
  const always = { enabled: true, allow_redirects: 'always' }

  test('takes those of the dashboard', async () => {
    const { post } = await stripeWorld()
    const { body } = await post(path, order)
    expect(body).toMatchObject({
      automatic_payment_methods: always,
      payment_method_types: ['card', 'us_bank_account'],
    })
    const euros = await post(path, { ...order, currency: 'eur' })
    expect(euros.body.payment_method_types).toEqual(['card'])
  })

  test('is not confirmed without a return URL, and is not made', async () => {
    const { post, mock } = await stripeWorld()
    const { status, body } = await post(path, unnamed)
    expect(status).toBe(400)
    expect(body.error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringContaining('you must provide a `return_url`'),
    })
    expect(mock.objects('payment_intent')).toEqual([])
    const { body: made } = await post(path, order)
    expect((await post(`${path}/${made.id}/confirm`, { payment_method: 'pm_card_visa' })).status).toBe(400)
    const back = { return_url: 'https://shop.test/back' }
    expect((await post(`${path}/${made.id}/confirm`, { payment_method: 'pm_card_visa', ...back })).status).toBe(200)
    expect((await post(path, { ...unnamed, ...back })).body).toMatchObject({
      status: 'succeeded',
      automatic_payment_methods: always,
    })
  })

  test.each(['2023-10-16', '2024-09-30.acacia', '2026-10-28.endive'])('does so in version %s', async (version) => {
    const { post } = await stripeWorld()
    expect((await post(path, unnamed, asking(version))).status).toBe(400)
  })

  test.each(['2022-11-15', '2019-02-11', '2020-08-27; orders_beta=v4'])(
    'takes cards in version %s',
    async (version) => {
      const { post } = await stripeWorld()
      const { body } = await post(path, unnamed, asking(version))
      const cards = { automatic_payment_methods: null, payment_method_types: ['card'] }
      expect(body).toMatchObject({ status: 'succeeded', ...cards })
      const { body: made } = await post(path, order, asking(version))
      expect(made).toMatchObject(cards)
      // What was decided when it was made holds, whatever the version of the confirmation.
      expect((await post(`${path}/${made.id}/confirm`, { payment_method: 'pm_card_visa' })).body.status).toBe(
        'succeeded',
      )
    },
  )

  test('takes cards where it says that the dashboard does not choose', async () => {
    const { post } = await stripeWorld()
    const { body } = await post(path, { ...unnamed, automatic_payment_methods: { enabled: false } })
    expect(body).toMatchObject({ automatic_payment_methods: null, payment_method_types: ['card'] })
  })

  test('takes what it names afterwards', async () => {
    const { post } = await stripeWorld()
    const { body: made } = await post(path, order)
    const { body: named } = await post(`${path}/${made.id}`, { payment_method_types: ['card'] })
    expect(named).toMatchObject({ automatic_payment_methods: null, payment_method_types: ['card'] })
    expect((await post(`${path}/${made.id}/confirm`, { payment_method: 'pm_card_visa' })).body.status).toBe('succeeded')
  })
})

describe('a payment intent that is captured by hand', () => {
  const held = { ...paid, capture_method: 'manual' }

  test('holds the amount until it is captured', async () => {
    const { post, get, events } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', held)
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 4200, amount_received: 0 })
    expect((await get(`/v1/charges/${intent.latest_charge}`)).body).toMatchObject({
      captured: false,
      balance_transaction: null,
    })

    const { body } = await post(`/v1/payment_intents/${intent.id}/capture`)

    expect(body).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 4200 })
    expect(events()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ])
  })

  test('can be captured in part, once', async () => {
    const { post, get } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', held)
    const { body } = await post(`/v1/payment_intents/${intent.id}/capture`, { amount_to_capture: 1200 })
    expect(body).toMatchObject({ status: 'succeeded', amount: 4200, amount_received: 1200 })
    const charge = await get(`/v1/charges/${intent.latest_charge}`, { expand: ['balance_transaction'] })
    expect(charge.body).toMatchObject({ amount_captured: 1200, balance_transaction: { amount: 1200 } })
    const again = await post(`/v1/payment_intents/${intent.id}/capture`)
    expect(again.body.error.code).toBe('payment_intent_unexpected_state')
  })

  test('cannot be captured beyond what is held', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', held)
    const { status, body } = await post(`/v1/payment_intents/${intent.id}/capture`, { amount_to_capture: 4201 })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'amount_too_large', param: 'amount_to_capture' })
  })

  test('lets go of the money when it is canceled', async () => {
    const { post, get, events } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', held)
    const { body } = await post(`/v1/payment_intents/${intent.id}/cancel`, { cancellation_reason: 'abandoned' })
    expect(body).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned', amount_capturable: 0 })
    expect((await get(`/v1/charges/${intent.latest_charge}`)).body).toMatchObject({
      refunded: true,
      amount_refunded: 4200,
    })
    expect(events().slice(-2)).toEqual(['charge.refunded', 'payment_intent.canceled'])
  })
})

describe('a declined card', () => {
  const declines = [
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['pm_card_radarBlock', 'card_declined', 'fraudulent'],
  ]
  test.each(declines)('%s is answered 402 %s %s', async (card, code, decline) => {
    const world = await stripeWorld()
    const { status, body } = await world.post('/v1/payment_intents', { ...paid, payment_method: card })

    expect(status).toBe(402)
    expect(body.error).toMatchObject({
      type: 'card_error',
      code,
      decline_code: decline,
      doc_url: `https://stripe.com/docs/error-codes/${code?.replaceAll('_', '-')}`,
      payment_intent: { status: 'requires_payment_method', payment_method: null, last_payment_error: { code } },
      payment_method: { object: 'payment_method' },
    })
    const charge = await world.get(`/v1/charges/${body.error.charge}`)
    expect(charge.body).toMatchObject({ status: 'failed', paid: false, failure_code: code, balance_transaction: null })
    expect(world.events()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed'])
    expect(refundFree(world)).toBe(true)
  })

  test('is told in the journal by its intent and its reason', async () => {
    const { post, mock } = await stripeWorld()
    const { body } = await post(
      '/v1/payment_intents',
      { ...paid, payment_method: 'pm_card_chargeDeclinedLostCard' },
      { 'idempotency-key': 'k' },
    )
    expect(mock.journal.entries().at(-1)).toMatchObject({
      kind: 'answer',
      status: 402,
      summary: `${body.error.payment_intent.id} lost_card`,
    })
  })

  test('leaves the intent open for another one', async () => {
    const { post } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', { ...paid, payment_method: 'pm_card_chargeDeclined' })
    const again = await post(`/v1/payment_intents/${body.error.payment_intent.id}/confirm`, {
      payment_method: 'pm_card_visa',
    })
    expect(again.body).toMatchObject({ status: 'succeeded', last_payment_error: null })
  })
})

describe('a card that asks for authentication', () => {
  const challenged = { ...paid, payment_method: 'pm_card_authenticationRequired' }

  test('waits for the customer, who succeeds', async () => {
    const { post, get, mock, events } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', { ...challenged, return_url: 'https://shop.test/back' })
    expect(body).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: 'https://shop.test/back' } },
    })

    mock.completeAction(body.id, 'succeed')

    expect((await get(`/v1/payment_intents/${body.id}`)).body).toMatchObject({ status: 'succeeded', next_action: null })
    expect(events().slice(1)).toEqual([
      'payment_intent.requires_action',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
    const told = mock.objects('event').at(-1)
    expect(told?.['request']).toEqual({ id: null, idempotency_key: null })
  })

  test('waits for the customer, who fails', async () => {
    const { post, get, mock, events } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', challenged)
    expect(body.next_action.type).toBe('use_stripe_sdk')

    mock.completeAction(body.id, 'fail')

    expect((await get(`/v1/payment_intents/${body.id}`)).body).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    })
    expect(events().at(-1)).toBe('payment_intent.payment_failed')
    expect(mock.objects('charge')).toEqual([])
  })

  test('may still decline afterwards', async () => {
    const { post, get, mock } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', {
      ...challenged,
      payment_method: 'pm_card_threeDSecureRequiredChargeDeclined',
    })
    mock.completeAction(body.id, 'succeed')
    const { body: after } = await get(`/v1/payment_intents/${body.id}`)
    expect(after).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'generic_decline' },
    })
  })

  test('declines when the customer is not there', async () => {
    const { post, get } = await stripeWorld()
    const { status, body } = await post('/v1/payment_intents', { ...challenged, off_session: true })
    expect(status).toBe(402)
    const error = {
      type: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
    }
    expect(body.error).toMatchObject({
      ...error,
      payment_intent: { status: 'requires_payment_method', last_payment_error: error },
    })
    expect((await get(`/v1/charges/${body.error.charge}`)).body).toMatchObject({
      status: 'failed',
      failure_code: 'authentication_required',
    })
  })

  test('fails without a charge where an action is an error', async () => {
    const { post, mock, events } = await stripeWorld()
    const { status, body } = await post('/v1/payment_intents', { ...challenged, error_on_requires_action: true })
    expect(status).toBe(402)
    const error = {
      type: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_not_handled',
      message: expect.stringContaining('`error_on_requires_action` was set'),
    }
    expect(body.error).toMatchObject({
      ...error,
      payment_intent: { status: 'requires_payment_method', latest_charge: null, last_payment_error: error },
    })
    expect(mock.objects('charge')).toEqual([])
    expect(events()).toEqual(['payment_intent.created', 'payment_intent.payment_failed'])
  })

  test('cannot be completed where nothing waits', async () => {
    const { post, mock } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', paid)
    expect(() => mock.completeAction(body.id, 'succeed')).toThrow('it is succeeded')
    expect(() => mock.completeAction('pi_none', 'fail')).toThrow('no such payment intent')
  })
})

describe('a bank account', () => {
  const byBank = {
    ...order,
    confirm: true,
    payment_method: 'pm_usBankAccount_success',
    payment_method_types: ['us_bank_account'],
  }

  test('is processing until the bank answers', async () => {
    const { post, get, mock, events } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', byBank)
    expect(body.status).toBe('processing')
    mock.completeAction(body.id, 'succeed')
    const { body: after } = await get(`/v1/payment_intents/${body.id}`, { expand: ['latest_charge'] })
    expect(after).toMatchObject({
      status: 'succeeded',
      latest_charge: { payment_method_details: { type: 'us_bank_account' } },
    })
    expect(events()).toContain('payment_intent.processing')
  })

  test('may turn out to be closed', async () => {
    const { post, get, mock } = await stripeWorld()
    const { body } = await post('/v1/payment_intents', byBank)
    mock.completeAction(body.id, 'fail')
    expect((await get(`/v1/payment_intents/${body.id}`)).body.last_payment_error.code).toBe('account_closed')
  })

  test('must be among the types of the intent', async () => {
    const { post, mock } = await stripeWorld()
    const { status } = await post('/v1/payment_intents', { ...byBank, payment_method_types: ['card'] })
    expect(status).toBe(400)
    expect(mock.objects('payment_method')).toEqual([])
  })
})
