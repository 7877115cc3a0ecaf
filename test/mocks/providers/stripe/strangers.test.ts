import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { baseUrl, stripeWorld } from './stripe-world.ts'

const key = 'Bearer sk_test_goodfence'
const form = 'application/x-www-form-urlencoded'

async function answer(request: Request) {
  const { mock } = await stripeWorld()
  const response = await mock(request)
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

describe('whoever asks without a key', () => {
  test('is told how to send one', async () => {
    const { status, body, headers } = await answer(new Request(`${baseUrl}/v1/customers`))
    expect(status).toBe(401)
    expect(body.error.type).toBe('invalid_request_error')
    expect(body.error.message).toMatch(/^You did not provide an API key\./)
    expect(headers.get('request-id')).toMatch(/^req_[A-Za-z0-9]{14}$/)
  })

  test.each(['Bearer ', 'Bearer', 'Digest abc', 'Basic', 'Basic Og=='])('is refused with %s', async (authorization) => {
    expect((await answer(new Request(`${baseUrl}/v1/customers`, { headers: { authorization } }))).status).toBe(401)
  })

  test('is refused with a key for real money, of which no secret part is shown', async () => {
    const authorization = 'Bearer sk_live_51AbCdEfGhIjKlMnOpQrStUv'
    const { status, body } = await answer(new Request(`${baseUrl}/v1/customers`, { headers: { authorization } }))
    expect(status).toBe(401)
    expect(body.error.message).toBe('Invalid API Key provided: sk_live_********************StUv')
  })

  test('never sees a short key repeated', async () => {
    const { body } = await answer(
      new Request(`${baseUrl}/v1/customers`, { headers: { authorization: 'Bearer hunter2' } }),
    )
    expect(body.error.message).not.toContain('ter2')
  })

  test('may send the key as the user of basic authentication', async () => {
    const authorization = `Basic ${Buffer.from('sk_test_goodfence:').toString('base64')}`
    expect((await answer(new Request(`${baseUrl}/v1/customers`, { headers: { authorization } }))).status).toBe(200)
  })
})

describe('an address that does not exist', () => {
  test.each(['/v1/nothing', '/', '/v1/customers/cus_1/nothing', '/v2/customers'])(
    '%s is unrecognized',
    async (path) => {
      const { status, body } = await answer(new Request(baseUrl + path, { headers: { authorization: key } }))
      expect(status).toBe(404)
      expect(body.error.message).toMatch(/^Unrecognized request URL \(GET: /)
    },
  )

  test('differs from an object that does not exist', async () => {
    const { get } = await stripeWorld()
    const { status, body } = await get('/v1/payment_intents/pi_none')
    expect(status).toBe(404)
    expect(body.error).toMatchObject({
      code: 'resource_missing',
      param: 'intent',
      message: "No such payment_intent: 'pi_none'",
    })
  })
})

describe('the version of the API', () => {
  const asking = (version: string) => ({ 'stripe-version': version })

  test("is the account's where a request names none", async () => {
    const { get } = await stripeWorld()
    expect((await get('/v1/customers')).headers.get('stripe-version')).toBe('2023-08-16')
  })

  test.each(['2011-01-01', '2023-08-16', '2024-09-30.acacia', '2099-12-31.zebra', '2020-08-27; orders_beta=v4'])(
    'can be %s',
    async (version) => {
      const { send } = await stripeWorld()
      const { status, headers } = await send('GET', '/v1/customers', {}, asking(version))
      expect(status).toBe(200)
      expect(headers.get('stripe-version')).toBe(version)
    },
  )

  test.each([
    'banana',
    '2019-2-19',
    '2023-13-01',
    '2023-08-32',
    '20230816',
    '2024-09-30.',
    '2018-11-21 beta=true',
    'v1',
  ])('cannot be %s, and nothing is done', async (version) => {
    const { post, mock } = await stripeWorld()
    const { status, headers, body } = await post('/v1/customers', { name: 'Ada' }, asking(version))
    expect(status).toBe(400)
    expect(body.error).toEqual({
      type: 'invalid_request_error',
      message: `Invalid Stripe API version: ${version}`,
      request_log_url: expect.any(String),
    })
    expect(headers.get('stripe-version')).toBe('2023-08-16')
    expect(mock.objects('customer')).toEqual([])
  })

  test('is looked at after the key', async () => {
    const request = new Request(`${baseUrl}/v1/customers`, { headers: asking('banana') })
    expect((await answer(request)).status).toBe(401)
  })
})

describe('a search', () => {
  test.each(['customers', 'payment_intents', 'charges', 'prices', 'products'])(
    'of %s is a URL that is not recognized, and no object of that name',
    async (kind) => {
      const { get, mock } = await stripeWorld({
        plan: { faults: [{ on: { operation: 'GET /v1/customers/{customer}' }, fault: { kind: 'status' } }] },
      })
      const { status, body } = await get(`/v1/${kind}/search`, { query: 'email:"ada@example.com"' })
      expect(status).toBe(404)
      expect(body.error).toMatchObject({
        type: 'invalid_request_error',
        message: expect.stringMatching(`^Unrecognized request URL \\(GET: /v1/${kind}/search\\)`),
      })
      expect(mock.journal.entries()[0]).not.toHaveProperty('operation')
    },
  )
})

describe('a request that is not one', () => {
  const post = (body: string, type = form) =>
    new Request(`${baseUrl}/v1/customers`, {
      method: 'POST',
      headers: { authorization: key, 'content-type': type },
      body,
    })

  test.each([
    ['JSON', post('{"name":"Ada"}', 'application/json')],
    ['an unknown type', post('a', 'application/x-unknown')],
    ['a polluted form', post('__proto__[polluted]=1')],
    ['a form with a name twice as text and object', post('metadata=1&metadata[a]=1&name=x&name[a]=2')],
    ['a form nested beyond reason', post(`metadata${'[a]'.repeat(1000)}=1`)],
    ['a form with too many fields', post(Array.from({ length: 20_000 }, (_, i) => `metadata[k${i}]=1`).join('&'))],
    ['a form of brackets', post('[[[]]]=1&]=2&a[=3')],
  ])('such as %s is answered 400', async (_, request) => {
    const { status, body } = await answer(request)
    expect(status).toBe(400)
    expect(body.error.type).toBe('invalid_request_error')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test.each(['application/xml', 'application/json', 'text/plain;charset=UTF-8'])(
    'because it is sent as %s hears what was sent and what to send',
    async (type) => {
      const { status, body } = await answer(post('<name>Ada</name>', type))
      expect(status).toBe(400)
      expect(body.error).toEqual({
        type: 'invalid_request_error',
        message: `Invalid request (check that your POST content type is application/x-www-form-urlencoded, not ${type}). If you have any questions, we can help at https://support.stripe.com/.`,
        request_log_url: expect.any(String),
      })
    },
  )

  test.each([
    [
      'a key of a prototype',
      '__proto__[x]=1',
      "Invalid __proto__[x]: The form's field __proto__[x] has the key __proto__.",
    ],
    ['too many fields', 'a=1&'.repeat(10_001), 'Invalid request: The form has more than 10000 fields.'],
  ])('because of %s is told with one full stop', async (_, text, message) => {
    expect((await answer(post(text))).body.error.message).toBe(message)
  })

  test('because it is too large is answered 413', async () => {
    expect((await answer(post(`name=${'a'.repeat(2 ** 20 + 1)}`))).status).toBe(413)
  })

  test('names the first thing that is wrong', async () => {
    const { post } = await stripeWorld()
    const wrong = async (fields: object) => (await post('/v1/payment_intents', { ...fields })).body.error
    expect(await wrong({ amount: 900 })).toMatchObject({
      code: 'parameter_missing',
      param: 'currency',
      message: 'Missing required param: currency.',
    })
    expect(await wrong({ amount: 900, currency: 'usd', amonut: 1 })).toMatchObject({
      code: 'parameter_unknown',
      param: 'amonut',
    })
    expect(await wrong({ amount: 'x', currency: 'usd' })).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'amount',
    })
    const nested = { amount: 900, currency: 'usd', automatic_payment_methods: { enabled: true, nothing: 1 } }
    expect(await wrong(nested)).toMatchObject({ param: 'automatic_payment_methods[nothing]' })
    expect(await wrong({ amount: 900, currency: 'usd', capture_method: 'never' })).toMatchObject({
      param: 'capture_method',
    })
    expect(await wrong({ amount: [900], currency: 'usd' })).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'amount',
    })
  })

  test.each(['zzz', 'ZZZ', 'euro', 'constructor'])('names the currency %s, and those there are', async (currency) => {
    const { post } = await stripeWorld()
    for (const [path, fields] of [
      ['/v1/payment_intents', { amount: 900, currency }],
      ['/v1/prices', { unit_amount: 900, currency, product_data: { name: 'Cup' } }],
    ] as const) {
      const { status, body } = await post(path, fields)
      expect(status).toBe(400)
      expect(body.error).toMatchObject({
        type: 'invalid_request_error',
        param: 'currency',
        message: expect.stringContaining(
          `Invalid currency: ${currency.toLowerCase()}. Stripe currently supports these currencies: usd, aed, `,
        ),
      })
      expect(body.error).not.toHaveProperty('code')
    }
  })

  test.each(['notmail', 'ada@shop', 'ada@@shop.test', ' ada@shop.test', '@shop.test', 'ada lovelace@shop.test'])(
    'because of the email address %j names it',
    async (email) => {
      const { post, mock } = await stripeWorld()
      const { body: customer } = await post('/v1/customers', { email: 'ada@shop.test' })
      const order = { amount: 900, currency: 'usd', payment_method: 'pm_card_visa' }
      for (const [path, fields, param] of [
        ['/v1/customers', { email }, 'email'],
        [`/v1/customers/${customer.id}`, { email }, 'email'],
        ['/v1/payment_intents', { ...order, receipt_email: email }, 'receipt_email'],
      ] as const) {
        const { status, body } = await post(path, fields)
        expect(status).toBe(400)
        expect(body.error).toMatchObject({
          type: 'invalid_request_error',
          code: 'email_invalid',
          param,
          message: `Invalid email address: ${email}`,
        })
      }
      expect(mock.objects('customer')).toEqual([customer])
      expect(mock.objects('payment_method')).toEqual([])
    },
  )

  test('names a type of payment method that there is none of', async () => {
    const { post } = await stripeWorld()
    const order = { amount: 900, currency: 'usd' }
    const { body: intent } = await post('/v1/payment_intents', { ...order, payment_method_types: ['card', 'klarna'] })
    expect(intent.payment_method_types).toEqual(['card', 'klarna'])
    for (const path of ['/v1/payment_intents', `/v1/payment_intents/${intent.id}`]) {
      const { status, body } = await post(path, { ...order, payment_method_types: ['card', 'zelle'] })
      expect(status).toBe(400)
      expect(body.error).toMatchObject({
        type: 'invalid_request_error',
        code: 'payment_intent_invalid_parameter',
        param: 'payment_method_types',
        message: expect.stringMatching('^The payment method type "zelle" is invalid.'),
      })
    }
  })

  test('tells an amount with the decimals of its currency', async () => {
    const { post } = await stripeWorld()
    const least = async (currency: string) =>
      (await post('/v1/payment_intents', { amount: 1, currency })).body.error.message
    expect(await least('JPY')).toBe('Amount must be at least ¥50')
    expect(await least('kwd')).toBe('Amount must be at least 0.050 kwd')
    expect(await least('chf')).toBe('Amount must be at least 0.50 chf')
  })

  test('of a list names a parameter that the list does not know', async () => {
    const { get } = await stripeWorld()
    expect((await get('/v1/customers', { page: 2 })).body.error).toMatchObject({
      code: 'parameter_unknown',
      param: 'page',
    })
  })
})

describe('the mock', () => {
  test('answers anything a stranger sends with a proper refusal, and goes on', async () => {
    const { mock, post } = await stripeWorld()
    const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS')
    const path = fc.oneof(
      fc.constantFrom(
        '/v1/customers',
        '/v1/payment_intents',
        '/v1/refunds',
        '/v1/events/%zz',
        '/v1/payment_intents/%00/confirm',
      ),
      fc
        .webPath()
        .map((each) => (each.startsWith('/') && !each.startsWith('//') ? each : `/x${each.replaceAll(/^\/+/g, '')}`)),
      fc.string({ unit: 'binary-ascii' }).map((each) => `/v1/customers/${encodeURIComponent(each)}`),
    )
    const query = fc.oneof(
      fc.constant(''),
      fc.webQueryParameters(),
      fc.constantFrom('limit[]=1', 'expand=x', 'expand[a][b]=1', 'created[gt]=x', 'created[x]=1', 'limit=1e9'),
    )
    const fields = fc.dictionary(
      fc.constantFrom(
        'amount',
        'currency',
        'confirm',
        'payment_method',
        'metadata',
        'metadata[a]',
        'expand[]',
        'shipping[address]',
        'payment_method_data[card]',
        'customer',
        'name',
        'url',
      ),
      fc.oneof(fc.string(), fc.constantFrom('900', 'usd', 'true', 'pm_card_visa', '')),
    )
    const body = fc.oneof(
      fc.uint8Array(),
      fields.map((each) => new TextEncoder().encode(new URLSearchParams(each).toString())),
    )
    const type = fc.constantFrom(
      form,
      'application/json',
      'text/plain',
      'multipart/form-data; boundary=x',
      'multipart/form-data',
    )
    await fc.assert(
      fc.asyncProperty(method, path, query, body, type, async (method, path, query, body, type) => {
        const hasBody = method !== 'GET' && method !== 'HEAD'
        const request = new Request(`${baseUrl}${path}${query === '' ? '' : `?${query}`}`, {
          method,
          headers: { authorization: key, ...(hasBody ? { 'content-type': type } : {}) },
          ...(hasBody ? { body: new Uint8Array(body) } : {}),
        })
        const { status, headers } = await mock(request)
        expect(status).toBeLessThan(500)
        expect(headers.get('request-id')).not.toBeNull()
      }),
      { numRuns: 400 },
    )
    expect((await post('/v1/customers', { name: 'Ada' })).status).toBe(200)
  })

  test('without validation is as steady, and reads what it can', async () => {
    const { post, mock } = await stripeWorld({ validate: false })
    const odd = ['amount', 'currency', 'customer', 'payment_method', 'metadata', 'expand', 'shipping', 'confirm']
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
      fc.array(fc.string(), { maxLength: 2 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...odd), value), async (fields) => {
        expect((await post('/v1/payment_intents', fields)).status).toBeLessThan(500)
        expect((await post('/v1/customers', fields)).status).toBeLessThan(500)
      }),
      { numRuns: 150 },
    )
    const paid = await post('/v1/payment_intents', {
      amount: 900,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      payment_method_types: ['card'],
      confirm: true,
      novel: 1,
    })
    expect(paid.body.status).toBe('succeeded')
    expect(mock.journal.entries().filter(({ kind }) => kind === 'note')).toEqual([])
  })
})
