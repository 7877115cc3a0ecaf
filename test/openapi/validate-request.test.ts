import { describe, expect, test } from 'vitest'
import { documentOf, lines, send } from './documents.ts'

const form = 'application/x-www-form-urlencoded'

/** A payment as a form: the patterns are those of Stripe's document. */
const payments = documentOf({
  '/payments': {
    post: {
      requestBody: {
        required: true,
        content: {
          [form]: {
            encoding: { expand: { style: 'deepObject', explode: true } },
            schema: {
              type: 'object',
              required: ['amount', 'currency'],
              additionalProperties: false,
              properties: {
                amount: { type: 'integer', minimum: 1 },
                currency: { type: 'string', maxLength: 3 },
                confirm: { type: 'boolean' },
                rate: { type: 'number' },
                expand: { type: 'array', items: { type: 'string' } },
                tags: { type: 'array', items: { type: 'string' } },
                method: { type: 'string', enum: ['automatic', 'manual'] },
                metadata: {
                  anyOf: [
                    { type: 'object', additionalProperties: { type: 'string' } },
                    { type: 'string', enum: [''] },
                  ],
                },
                fee: { anyOf: [{ type: 'integer' }, { type: 'string', enum: [''] }] },
                trial_end: { anyOf: [{ type: 'string', enum: ['now'] }, { type: 'integer' }] },
                lines: { type: 'array', items: { type: 'object', properties: { price: { type: 'integer' } } } },
                note: { type: 'integer', nullable: true },
              },
            },
          },
        },
      },
      responses: {},
    },
  },
})
const pay = (body: string) => send(payments, 'POST', '/payments', { contentType: form, body })

describe('a form body', () => {
  test('gets the types that its schema asks for', () => {
    const text =
      'amount=12&currency=eur&confirm=true&rate=1.5&expand[]=a&expand[1]=b'.replace('[1]', '[]') +
      '&metadata[0]=x&metadata[1]=y&fee=&trial_end=now&lines[0][price]=3&lines[1][price]=4&note='
    const { value, problems } = pay(text)
    expect(problems).toEqual([])
    expect(value.body).toEqual({
      amount: 12,
      currency: 'eur',
      confirm: true,
      rate: 1.5,
      expand: ['a', 'b'],
      metadata: { 0: 'x', 1: 'y' },
      fee: '',
      trial_end: 'now',
      lines: [{ price: 3 }, { price: 4 }],
      note: null,
    })
  })

  test('has its missing parameters told by name', () => {
    expect(pay('confirm=true').problems).toEqual([
      {
        in: 'body',
        pointer: '/amount',
        name: 'amount',
        keyword: 'required',
        message: 'is required',
        params: { missingProperty: 'amount' },
      },
      expect.objectContaining({ name: 'currency', keyword: 'required' }),
    ])
    expect(lines(pay('').problems)).toEqual(['body amount: required', 'body currency: required'])
  })

  test('has an unknown parameter told by name', () => {
    expect(lines(pay('amount=1&currency=eur&amont=2').problems)).toEqual(['body amont: additionalProperties'])
  })

  test('says which values an enum allows', () => {
    expect(pay('amount=1&currency=eur&method=later').problems).toMatchObject([
      { name: 'method', keyword: 'enum', params: { allowedValues: ['automatic', 'manual'] } },
    ])
  })

  test('says of a union what was meant, not every branch', () => {
    expect(lines(pay('amount=1&currency=eur&fee=x&lines[0][price]=p').problems)).toEqual([
      'body fee: type',
      'body lines[0][price]: type',
    ])
    expect(pay('amount=1&currency=eur&trial_end=never').problems).toMatchObject([
      { name: 'trial_end', keyword: 'anyOf', params: { types: ['integer'], allowedValues: ['now'] } },
    ])
  })

  test('takes one value for a list of one, except where the document asks for brackets', () => {
    const { value, problems } = pay('amount=1&currency=eur&tags=a&expand=b')
    expect(value.body).toMatchObject({ tags: ['a'] })
    expect(lines(problems)).toEqual(['body expand: type'])
  })

  test('counts the last of repeated values where one is asked for', () => {
    expect(pay('amount=1&amount=2&currency=eur').value.body).toMatchObject({ amount: 2 })
    expect(pay('amount=1&amount=2&currency=eur&tags[0]=a').value.body).toMatchObject({ amount: 2 })
  })

  test.each(['amount[]=1', 'amount[]=1&amount[]=2', 'amount[0]=1', 'amount[0]=1&amount[1]=2'])(
    'takes the list %s for no single value',
    (list) => {
      expect(lines(pay(`${list}&currency=eur`).problems)).toEqual(['body amount: type'])
    },
  )

  test.each(['1.5', '1e3', '0x10', ' 1', '99999999999999999999', '9007199254740993', 'true', 'NaN'])(
    'takes %j for no integer',
    (text) => {
      expect(lines(pay(`amount=${text}&currency=eur`).problems)).toEqual(['body amount: type'])
    },
  )

  test('is refused as a whole when its names contradict each other', () => {
    expect(pay('amount=1&amount[x]=2').problems).toMatchObject([{ in: 'body', name: 'amount[x]', keyword: 'syntax' }])
    expect(pay('amount[__proto__]=2').problems).toMatchObject([{ keyword: 'syntax' }])
  })
})

describe('a JSON body', () => {
  const issues = documentOf({
    '/issues': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['title'],
                properties: {
                  // Of this kind GitHub's document has nine, on which validators trip.
                  title: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
                  milestone: { nullable: true, oneOf: [{ type: 'string' }, { type: 'integer' }] },
                  body: { type: 'string' },
                },
              },
            },
          },
        },
        responses: {},
      },
    },
    '/notes': {
      post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: {} },
    },
  })
  const post = (body: string, contentType = 'application/json') =>
    send(issues, 'POST', '/issues', { body, contentType })

  test('is checked also where nullable stands beside no type', () => {
    expect(post('{"title":"x","milestone":null}').problems).toEqual([])
    expect(lines(post('{"title":"x","milestone":7}').problems)).toEqual([])
    expect(lines(post('{"body":7,"milestone":true}').problems)).toEqual([
      'body title: required',
      'body milestone: oneOf',
      'body body: type',
    ])
  })

  test.each(['{', '', 'nope', '[1,]'])('is refused when it is %j', (body) => {
    expect(post(body).problems).toMatchObject([{ in: 'body', pointer: '' }])
  })

  test('may come with parameters in its content type, not as another type', () => {
    expect(post('{"title":"x"}', 'Application/JSON; charset=utf-8').problems).toEqual([])
    expect(post('title=x', form).problems).toMatchObject([
      { in: 'header', keyword: 'contentType', params: { accepted: ['application/json'] } },
    ])
  })

  test('may be missing where it is not required', () => {
    expect(send(issues, 'POST', '/notes').problems).toEqual([])
  })

  test('is refused when it nests too deep, and loses a prototype that it names', () => {
    expect(lines(post(`{"title":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).problems)).toEqual(['body : syntax'])
    const { value } = post('{"title":"x","__proto__":{"polluted":true}}')
    expect(Object.keys(value.body as object)).toEqual(['title'])
  })

  test('with a million problems has a few of them told', () => {
    const wide = documentOf({
      '/n': {
        post: {
          requestBody: { content: { 'application/json': { schema: { type: 'array', items: { type: 'string' } } } } },
          responses: {},
        },
      },
    })
    const { problems } = send(wide, 'POST', '/n', { body: `[${'1,'.repeat(1_000_000)}1]` })
    expect(problems).toHaveLength(1)
    expect(send(wide, 'POST', '/n', { body: `[${'1,'.repeat(1_000)}1]` }).problems).toHaveLength(100)
  })
})

describe('other bodies', () => {
  const files = documentOf({
    '/files': {
      post: {
        requestBody: {
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file', 'purpose'],
                properties: {
                  file: { type: 'string', format: 'binary' },
                  purpose: { type: 'string' },
                  size: { type: 'integer' },
                },
              },
            },
            'application/octet-stream': {},
            'text/*': { schema: { type: 'string', maxLength: 3 } },
          },
        },
        responses: {},
      },
    },
  })
  const contentType = 'multipart/form-data; boundary="b 1"'
  const part = (name: string, value: string, more = '') =>
    `--b 1\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`

  test('in many parts are read and checked', () => {
    const body = `${part('file', 'bytes', '; filename="a.txt"')}${part('purpose', 'x')}${part('size', '3')}--b 1--\r\n`
    const { value, problems } = send(files, 'POST', '/files', { contentType, body })
    expect(problems).toEqual([])
    expect(value.body).toEqual({ file: 'bytes', purpose: 'x', size: 3 })
    const incomplete = `${part('size', 'x')}--b 1--`
    expect(lines(send(files, 'POST', '/files', { contentType, body: incomplete }).problems)).toEqual([
      'body file: required',
      'body purpose: required',
      'body size: type',
    ])
  })

  test.each([
    [contentType, 'nothing'],
    [contentType, part('a', 'cut off')],
    [contentType, '--b 1\r\n\r\n\r\n--b 1--'],
    ['multipart/form-data', '--b--'],
  ])('in many parts are refused when they are broken', (contentType, body) => {
    expect(lines(send(files, 'POST', '/files', { contentType, body }).problems)).toEqual(['body : syntax'])
  })

  test('of bytes and text come as they are', () => {
    expect(send(files, 'POST', '/files', { contentType: 'application/octet-stream', body: 'x' }).value.body).toEqual(
      new Uint8Array([120]),
    )
    expect(lines(send(files, 'POST', '/files', { contentType: 'text/csv', body: 'abcd' }).problems)).toEqual([
      'body : maxLength',
    ])
  })
})

describe('parameters', () => {
  const parameter = (name: string, place: string, schema: unknown, more: object = {}) => ({
    name,
    in: place,
    schema,
    ...more,
  })
  const list = { type: 'array', items: { type: 'integer' } }
  const range = { anyOf: [{ type: 'object', properties: { gte: { type: 'integer' } } }, { type: 'integer' }] }
  const document = documentOf({
    '/things/{id}': {
      parameters: [parameter('id', 'path', { type: 'integer' }, { required: true })],
      get: {
        parameters: [
          parameter('limit', 'query', { type: 'integer', maximum: 100 }),
          parameter('created', 'query', range, { style: 'deepObject', explode: true }),
          parameter('expand', 'query', { type: 'array', items: { type: 'string' } }, { style: 'deepObject' }),
          parameter('ids', 'query', list),
          parameter('joined', 'query', list, { explode: false }),
          parameter('piped', 'query', list, { style: 'pipeDelimited', explode: false }),
          parameter('filter[name]', 'query', { type: 'string', maxLength: 2 }),
          parameter('codes[]', 'query', list),
          parameter('spread', 'query', {
            type: 'object',
            properties: { r: { type: 'integer' }, g: { type: 'integer' } },
          }),
          {
            name: 'json',
            in: 'query',
            content: { 'application/json': { schema: { type: 'object', required: ['a'] } } },
          },
          parameter('X-Count', 'header', { type: 'integer' }, { required: true }),
          parameter('session', 'cookie', { type: 'string', minLength: 3 }),
        ],
        responses: {},
      },
    },
    '/needs': { get: { parameters: [parameter('q', 'query', { type: 'string' }, { required: true })], responses: {} } },
  })
  const headers = { 'x-count': '1' }
  const get = (query: string, sent: Record<string, string> = headers) =>
    send(document, 'GET', '/things/7', { query, headers: sent })

  test('are read by their styles and typed', () => {
    const query =
      'limit=3&created[gte]=5&expand[]=a&expand[]=b&ids=1&ids=2&joined=3,4&piped=5|6&filter[name]=x&codes[]=7&r=1&g=2&json={"a":1}'
    const { value, problems, undeclared } = get(query)
    expect(problems).toEqual([])
    expect(undeclared).toEqual([])
    expect(value.params).toEqual({ id: 7 })
    expect(value.query).toMatchObject({
      limit: 3,
      created: { gte: 5 },
      expand: ['a', 'b'],
      ids: [1, 2],
      joined: [3, 4],
      piped: [5, 6],
      'filter[name]': 'x',
      'codes[]': [7],
      spread: { r: 1, g: 2 },
      json: { a: 1 },
    })
    expect(get('ids=1&created=9').value.query).toEqual({ ids: [1], created: 9 })
  })

  test('are refused by name, each where it stands', () => {
    const query = 'limit=1000&created[gte]=x&ids=1&ids=x&filter[name]=long&codes[]=x&json={}&json2=1'
    const { problems, undeclared } = get(query, { 'x-count': 'x', cookie: 'session=ab; other=1' })
    expect(lines(problems)).toEqual([
      'query limit: maximum',
      'query created[gte]: type',
      'query ids[1]: type',
      'query filter[name]: maxLength',
      'query codes[][0]: type',
      'query json[a]: required',
      'header X-Count: type',
      'cookie session: minLength',
    ])
    expect(undeclared).toEqual(['json2'])
    expect(lines(send(document, 'GET', '/things/x', { headers }).problems)).toEqual(['path id: type'])
    expect(lines(get('json={').problems)).toEqual(['query json: syntax'])
    expect(lines(get('limit=1&limit[x]=2').problems)).toEqual(['query limit[x]: syntax'])
  })

  test('that are required are missed', () => {
    expect(lines(get('', {}).problems)).toEqual(['header X-Count: required'])
    expect(lines(send(document, 'GET', '/needs').problems)).toEqual(['query q: required'])
    expect(send(document, 'GET', '/needs', { query: '?q=' }).problems).toEqual([])
  })
})

describe('a document that is wrong where it is used', () => {
  test('fails the request loudly, and by name', () => {
    const document = documentOf({
      '/a': {
        post: {
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Gone' } } } },
          responses: {},
        },
      },
    })
    expect(() => send(document, 'POST', '/a', { body: '{}' })).toThrow(
      /test\.yaml: the reference #\/components\/schemas\/Gone leads nowhere/,
    )
  })
})
