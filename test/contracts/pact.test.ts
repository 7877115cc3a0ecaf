import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createUsage, pactFile, type PactOptions, type UsedExchange } from '../../src/contracts/index.ts'
import { type Node } from '../../src/openapi/model.ts'
import { order, shop } from './shop.ts'

function exchange(fields: Partial<UsedExchange>): UsedExchange {
  return {
    method: 'GET',
    path: '/v1/orders/ord_4711',
    query: '',
    requestType: undefined,
    requestBody: '',
    status: 200,
    responseType: 'application/json; charset=utf-8',
    responseBody: JSON.stringify(order),
    ...fields,
  }
}

const created = exchange({
  method: 'POST',
  path: '/v1/orders',
  requestType: 'application/json',
  requestBody: '{"total":12.5}',
  status: 201,
})

interface Written {
  readonly description: string
  readonly pending: boolean
  readonly providerStates?: readonly Node[]
  readonly comments?: Node
  readonly request: { path: string; query?: Node; headers?: Node; body?: { content: unknown }; generators?: Node }
  readonly response: {
    body?: { content: Node }
    headers?: Node
    matchingRules?: { body: Record<string, { matchers: Node[] }> }
  }
}

function write(exchanges: readonly UsedExchange[], options: Partial<PactOptions> = {}): readonly Written[] {
  const usage = { ...createUsage(), exchanges: [...exchanges] }
  const pact = pactFile({ consumer: 'till', provider: 'shop', usage, document: shop, ...options })
  return pact.interactions as unknown as Written[]
}

const one = (fields: Partial<UsedExchange>): Written => write([exchange(fields)])[0] as Written

describe('what an answer promises', () => {
  const { response } = one({})
  const rules = response.matchingRules?.body ?? {}
  const matchersOf = (path: string) => rules[path]?.matchers

  test('is what the document requires, joined over allOf, and nothing else', () => {
    expect(response.body?.content).toEqual({
      id: 'ord_4711',
      created: 1_767_225_600,
      status: 'open',
      total: 12.5,
      note: null,
      paid_at: null,
      lines: [{ sku: 'text' }],
      payer: { mail: 'somebody@example.test' },
      labels: {},
      address: null,
    })
  })

  test('is asked for by type, so that ids and times may change', () => {
    expect(matchersOf('$.id')).toEqual([{ match: 'type' }])
    expect(matchersOf('$.created')).toEqual([{ match: 'integer' }])
    expect(matchersOf('$.total')).toEqual([{ match: 'number' }])
    expect(matchersOf('$.lines[*].sku')).toEqual([{ match: 'type' }])
    expect(matchersOf('$.payer.mail')).toEqual([{ match: 'type' }])
  })

  test('is one of the listed texts, with what is special in them escaped', () => {
    expect(matchersOf('$.status')).toEqual([{ match: 'regex', regex: '^(open|paid\\.full)$' }])
  })

  test('may be null where the document says so, and something where null was recorded', () => {
    expect(matchersOf('$.note')).toEqual([{ match: 'null' }, { match: 'regex', regex: '[\\s\\S]*' }])
    expect(matchersOf('$.paid_at')).toEqual([{ match: 'null' }, { match: 'integer' }])
    expect(matchersOf('$.address')).toEqual([{ match: 'include', value: '' }])
    const noted = one({ responseBody: JSON.stringify({ ...order, note: 'hello', payer: 'p1' }) }).response
    expect(noted.matchingRules?.body['$.note']?.matchers).toEqual([{ match: 'null' }, { match: 'type' }])
    expect(noted.body?.content).toMatchObject({ note: 'text', payer: 'text' })
  })

  test('is the recorded types where the document knows nothing', () => {
    const body = JSON.stringify({ a: 'x', b: [1], "it's": 1, 'c d': true })
    const { response } = one({ path: '/v1/elsewhere', responseBody: body })
    expect(response.body?.content).toEqual({ a: 'text', b: [1], 'c d': true })
    expect(Object.keys(response.matchingRules?.body ?? {})).toEqual(['$.a', '$.b', '$.b[*]', "$['c d']"])
  })

  test('is only the status where the body is empty, unread or no JSON', () => {
    expect(one({ method: 'DELETE', status: 204, responseType: undefined, responseBody: '' }).response).toEqual({
      status: 204,
    })
    expect(one({ responseBody: undefined }).response).not.toHaveProperty('body')
    expect(one({ responseType: 'text/html', responseBody: '<p>' }).response).toEqual({
      status: 200,
      headers: { 'content-type': ['text/html'] },
    })
  })
})

describe('which exchanges are promised', () => {
  test('each use once, told apart by status and by what was asked', () => {
    const list = exchange({ path: '/v1/orders', responseBody: '{"data":[]}' })
    const used = [list, created, exchange({}), { ...list, query: 'limit=3' }, { ...list, query: 'limit=9' }]
    const missing = exchange({ status: 404, path: '/v1/orders/none', responseBody: '{}' })
    expect(write([...used, missing]).map(({ description }) => description)).toEqual([
      'GET /orders answers 200',
      'GET /orders with limit answers 200',
      'GET /orders/{order} answers 200',
      'GET /orders/{order} answers 404',
      'POST /orders with total answers 201',
    ])
  })

  test('also when a field of the query has a name that every object has', () => {
    const [written] = write([exchange({ query: 'constructor=a&__proto__=b&constructor=c' })])
    expect(Object.entries(written?.request.query as Node)).toEqual([
      ['constructor', ['a', 'c']],
      ['__proto__', ['b']],
    ])
  })

  test('not those of a provider in trouble, unless the document names the status', () => {
    expect(write([429, 500, 503].map((status) => exchange({ status })))).toEqual([])
    const notes = exchange({ method: 'POST', path: '/v1/orders/ord_4711/notes', status: 503 })
    expect(write([notes])).toHaveLength(1)
  })

  test('not those whose answer is not the JSON that it claims to be', () => {
    expect(write([exchange({ responseBody: '{"id":"or' })])).toEqual([])
  })

  test('pending where the body cannot be shown', () => {
    const upload = exchange({
      method: 'POST',
      path: '/v1/orders',
      requestType: 'multipart/form-data; boundary=x',
      requestBody: 'secret',
    })
    const [written] = write([upload])
    expect(written).toMatchObject({
      pending: true,
      comments: { text: [expect.stringContaining('multipart/form-data')] },
    })
    expect(JSON.stringify(written)).not.toContain('secret')
  })
})

describe('what must be true before', () => {
  test('the object that a path names exists, under whatever id', () => {
    const { request, providerStates } = one({})
    expect(providerStates).toEqual([{ name: '/orders/{order} exists', params: { order: 'ord_4711' } }])
    expect(request.generators).toEqual({
      path: { type: 'ProviderState', expression: '/v1/orders/${order}', dataType: 'STRING' },
    })
  })

  test('nothing where the object is missing', () => {
    const { request, providerStates } = one({ status: 404, responseBody: '{}' })
    expect([request.generators, providerStates]).toEqual([undefined, undefined])
  })

  test('the objects that a query, a form or a JSON body names exist', () => {
    const path = '/v1/elsewhere'
    const json = { method: 'POST', path, requestType: 'application/json', requestBody: '{"on":{"order":["ord_4711"]}}' }
    const form = {
      method: 'PUT',
      path,
      requestType: 'application/x-www-form-urlencoded',
      requestBody: 'on[order]=ord_4711',
    }
    const written = write([
      created,
      exchange({ path, query: 'order=ord_4711&limit=3' }),
      exchange(json),
      exchange(form),
    ])
    const from = { type: 'ProviderState', expression: '${order}', dataType: 'STRING' }
    expect(written.filter(({ request }) => request.path === path).map(({ request }) => request.generators)).toEqual([
      { query: { order: from } },
      { body: { '$.on.order[0]': from } },
      { body: { "$['on[order]']": from } },
    ])
    expect(written.at(-1)?.providerStates).toEqual([{ name: '/orders/{order} exists', params: { order: 'ord_4711' } }])
  })

  test('what a list showed exists, if it was known before', () => {
    const list = exchange({ path: '/v1/orders', responseBody: JSON.stringify({ data: [order] }) })
    expect(write([list])[0]?.providerStates).toBeUndefined()
    expect(write([created, list])[0]?.providerStates).toMatchObject([{ params: { order: 'ord_4711' } }])
  })

  test('two objects of one kind are not taken for each other', () => {
    const other = { ...created, responseBody: JSON.stringify({ ...order, id: 'ord_4712' }) }
    const merge = exchange({ method: 'POST', path: '/v1/merge', query: 'from=ord_4711&to=ord_4712' })
    const written = write([created, other, merge]).find(({ request }) => request.path === '/v1/merge')
    expect(Object.keys(written?.request.generators?.['query'] as Node)).toEqual(['from'])
  })

  test('or what the team says', () => {
    const statesOf: PactOptions['statesOf'] = ({ method }, inferred) => [...inferred, { name: `before ${method}` }]
    const [written] = write([exchange({})], { statesOf })
    expect(written?.providerStates?.map(({ name }) => name)).toEqual(['/orders/{order} exists', 'before GET'])
  })
})

describe('events', () => {
  const body = JSON.stringify({ type: 'order.paid', about: { kind: 'order', ...order }, extra: 1 })
  const write = (options: Partial<PactOptions> = {}) => {
    const messages = [
      { type: 'order.paid', body },
      { type: 'order.paid', body },
    ]
    const usage = { exchanges: [created], messages }
    return pactFile({ consumer: 'till', provider: 'shop', usage, document: shop, ...options }).interactions.slice(1)
  }

  test('are promised once each, with their very type', () => {
    const [written, ...more] = write()
    expect(more).toEqual([])
    expect(written).toMatchObject({
      type: 'Asynchronous/Messages',
      description: 'order.paid',
      contents: { content: { type: 'order.paid', about: {} } },
      matchingRules: { body: { '$.type': { matchers: [{ match: 'equality' }] } } },
    })
  })

  test('promise what their object is, where it names its kind', () => {
    const [written] = write({ kindOf: (value) => value['kind'] })
    const { content } = (written as Node)['contents'] as { content: { about: Node } }
    expect(Object.keys(content.about)).toContain('status')
    expect(content.about).not.toHaveProperty('gift')
  })
})

describe('secrets', () => {
  const canary = 'CANARY'
  const key = `sk_live_${canary}`

  test('are asked for as states, and are in no file', () => {
    const path = '/v1/elsewhere'
    const card = { number: '4242 4242 4242 4242', digits: 4242424242424242, cvc: `${canary}1`, exp_year: 2030 }
    const asked = [
      {
        requestType: 'application/json',
        requestBody: JSON.stringify({ card, note: `key ${key}`, clientSecret: canary }),
      },
      {
        requestType: 'application/x-www-form-urlencoded',
        requestBody: `card[number]=4242424242424242&card[cvc]=${canary}&a=1`,
      },
      { requestType: 'text/plain', requestBody: canary },
    ]
    const used = [
      ...asked.map((fields, i) => exchange({ method: 'POST', path: `${path}/${i}`, ...fields })),
      exchange({ path: `${path}/${key}`, query: `api_key=${canary}&sig=${canary}` }),
      { ...created, responseBody: JSON.stringify({ ...order, id: key }) },
      exchange({ path: `/v1/orders/${key}` }),
      exchange({ path: '/v1/orders', responseBody: JSON.stringify({ data: [{ ...order, id: key }] }) }),
      exchange({ responseBody: JSON.stringify({ ...order, note: canary, payer: canary, [canary]: canary }) }),
      exchange({
        path,
        responseBody: JSON.stringify({ message: `Invalid key ${key}`, [key]: 1, pan: 4242424242424242 }),
      }),
    ]
    const text = JSON.stringify(write(used))
    expect(text).not.toMatch(/CANARY|4242/)
    const form = write(used).find(({ request }) => request.path.endsWith('/1'))
    expect(form?.request.body?.content).toBe('card%5Bnumber%5D=redacted&card%5Bcvc%5D=redacted&a=1')
    expect(form?.providerStates?.[0]).toEqual({
      name: 'a value for card[number] is given',
      params: { as: 'card_number' },
    })
  })

  test('no text of any answer and no header is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.stringMatching(/^[a-z]{12}$/), (value, secret) => {
        const responseBody = JSON.stringify({ value, list: [secret, { deep: secret }] })
        expect(JSON.stringify(write([exchange({ path: '/v1/elsewhere', responseBody })]))).not.toContain(secret)
      }),
    )
  })
})

test('any use gives a file, the same one for the same use', () => {
  const texts = fc.constantFrom('', 'a=1', '{"a":1}', '[]', 'a[b]=%', 'null', '"x"', '{', '%%%')
  const types = fc.constantFrom(undefined, 'application/json', 'application/x-www-form-urlencoded', 'text/plain', 'x')
  const any = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path: fc.oneof(fc.constantFrom('/v1/orders', '/v1/orders/%E0%A4%A', '/orders/ord_4711'), fc.webPath()),
    query: fc.oneof(texts, fc.webQueryParameters()),
    requestType: types,
    requestBody: texts,
    status: fc.constantFrom(200, 201, 204, 400, 404, 429, 503),
    responseType: types,
    responseBody: fc.oneof(fc.constant(undefined), texts, fc.json()),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 5 }), (used) => {
      const text = JSON.stringify(write(used))
      expect(JSON.stringify(write(structuredClone(used)))).toBe(text)
      const names = write(used).map(({ description }) => description)
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})
