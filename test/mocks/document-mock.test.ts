import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Mock, type MockOptions, createMock } from '../../src/mocks/mock.ts'
import { readDocument } from '../../src/openapi/document.ts'
import { validateResponse } from '../../src/openapi/validate-response.ts'

const startMs = Date.UTC(2026, 0, 1)
const text = { type: 'string' }
const answer = (schema: object, headers = {}) => ({
  description: '',
  headers,
  content: { 'application/json': { schema } },
})
const body = (schema: object) => ({ required: true, content: { 'application/json': { schema } } })
const inPath = (name: string, schema: object = text) => ({ name, in: 'path', required: true, schema })
const inQuery = (name: string, schema: object = text) => ({ name, in: 'query', schema })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const problem = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { type: 'integer' }, message: text },
}
const task = {
  type: 'object',
  required: ['id', 'title', 'done'],
  properties: {
    id: { type: 'integer' },
    title: { type: 'string', minLength: 1 },
    done: { type: 'boolean', default: false },
    created_at: { type: 'string', format: 'date-time' },
    secret: { type: 'string', writeOnly: true },
  },
}
const newTask = {
  type: 'object',
  required: ['title'],
  properties: { title: { type: 'string', minLength: 1 }, done: { type: 'boolean' }, secret: text },
}
const errors = { default: answer(ref('Problem')) }

const schemas = { Task: task, NewTask: newTask, Problem: problem }
const tasks = {
  '/tasks': {
    get: {
      parameters: [
        inQuery('limit', { type: 'integer', default: 2, maximum: 5 }),
        inQuery('offset', { type: 'integer' }),
        inQuery('done', { type: 'boolean' }),
      ],
      responses: { 200: answer({ type: 'array', items: ref('Task') }), ...errors },
    },
    post: { requestBody: body(ref('NewTask')), responses: { 201: answer(ref('Task')), ...errors } },
  },
  '/tasks/{taskId}': {
    parameters: [inPath('taskId', { type: 'integer' })],
    get: { responses: { 200: answer(ref('Task')), ...errors } },
    patch: {
      requestBody: body({ type: 'object', properties: { title: text, done: { type: 'boolean' } } }),
      responses: { 200: answer(ref('Task')), ...errors },
    },
    put: { requestBody: body(ref('NewTask')), responses: { 200: answer(ref('Task')), ...errors } },
    delete: { responses: { 204: { description: '' }, ...errors } },
  },
}

function api(paths: object, more: { components?: object; security?: object } & Partial<MockOptions> = {}) {
  const { components, security, ...options } = more
  const raw = {
    openapi: '3.1.0',
    info: { title: 'Tasks', version: '1' },
    ...(security === undefined ? {} : { security }),
    paths,
    components: { schemas, ...components },
  }
  const clock = virtualClock({ startMs })
  const mock = createMock({ document: readDocument(raw, 'tasks.json'), clock, ...options })
  return { mock, clock, call: caller(mock) }
}

/** Calls the mock; every answer must be one that the document allows. */
function caller(mock: Mock) {
  return async (method: string, path: string, value?: unknown, headers: Record<string, string> = {}) => {
    const response = await mock(
      new Request(`https://api.test${path}`, {
        method,
        headers: { ...(value === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(value === undefined ? {} : { body: typeof value === 'string' ? value : JSON.stringify(value) }),
      }),
    )
    const raw = await response.text()
    const parsed = raw === '' ? undefined : JSON.parse(raw)
    const match = mock.document.match(method, path.split('?', 1)[0] as string)
    if (match !== undefined) {
      const type = response.headers.get('content-type')
      expect(
        validateResponse(mock.document, match.operation, response.status, type, parsed).filter(
          ({ keyword }) => keyword !== 'status',
        ),
      ).toEqual([])
    }
    return { status: response.status, headers: response.headers, body: parsed }
  }
}

describe('a document alone', () => {
  test('makes a mock that creates, reads, lists, changes and deletes', async () => {
    const { call, mock } = api(tasks)
    const made = await call('POST', '/tasks', { title: 'Buy a teapot', secret: 's3cret' })
    expect(made).toMatchObject({
      status: 201,
      body: { id: 1, title: 'Buy a teapot', done: false, created_at: '2026-01-01T00:00:00.000Z' },
    })
    expect(made.headers.get('location')).toBe('/tasks/1')
    expect(made.body.secret).toBeUndefined()

    expect((await call('GET', '/tasks/1')).body).toEqual(made.body)
    expect((await call('PATCH', '/tasks/1', { done: true })).body).toEqual({ ...made.body, done: true })
    expect((await call('PUT', '/tasks/1', { title: 'Brew' })).body).toEqual({
      ...made.body,
      title: 'Brew',
      done: false,
    })
    expect((await call('GET', '/tasks')).body).toHaveLength(1)
    expect(mock.objects('task')).toEqual(mock.objects('tasks'))

    expect(await call('DELETE', '/tasks/1')).toMatchObject({ status: 204, body: undefined })
    expect((await call('GET', '/tasks/1')).status).toBe(404)
    expect(mock.objects('tasks')).toEqual([])
    const changes = mock.journal.entries().flatMap((entry) => (entry.kind === 'state' ? [entry.change] : []))
    expect(changes).toEqual(['created', 'updated', 'replaced', 'deleted'])
  })

  test('refuses in the style of its errors', async () => {
    const { call } = api(tasks)
    expect(await call('GET', '/tasks/7')).toMatchObject({
      status: 404,
      body: { code: 404, message: 'There is no task 7.' },
    })
    expect(await call('POST', '/tasks', { done: 'maybe' })).toMatchObject({ status: 400, body: { code: 400 } })
    expect(await call('POST', '/tasks', '{"title":')).toMatchObject({ status: 400 })
    expect(await call('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { message: 'There is nothing at /nothing.' },
    })
    const wrong = await call('DELETE', '/tasks')
    expect(wrong).toMatchObject({ status: 405, body: { code: 405 } })
    expect(wrong.headers.get('allow')).toBe('GET, POST')
    const plain = await call('POST', '/tasks', 'title=x', { 'content-type': 'text/plain' })
    expect(plain.status).toBe(415)
  })

  test('refuses with problem details where it shows no errors', async () => {
    const { call } = api({ '/things': { get: { responses: { 200: answer({ type: 'array', items: text }) } } } })
    const { status, headers, body } = await call('GET', '/nothing')
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({ status: 404, title: 'Not Found', detail: 'There is nothing at /nothing.' })
  })

  test('without validation takes what comes, and without state answers with examples', async () => {
    const open = api(tasks, { validate: false })
    expect((await open.call('POST', '/tasks', { title: 7, done: true })).body).toMatchObject({ id: 1, done: true })
    const forgetful = api(tasks, { state: false })
    expect((await forgetful.call('GET', '/tasks/7')).status).toBe(200)
  })

  test('answers what it cannot keep with examples', async () => {
    const paths = {
      '/weather': {
        get: {
          responses: {
            200: answer({ type: 'object', required: ['sky'], properties: { sky: { type: 'string', enum: ['blue'] } } }),
          },
        },
      },
    }
    expect((await api(paths).call('GET', '/weather')).body).toEqual({ sky: 'blue' })
  })

  test('asks for the credentials that it speaks of', async () => {
    const components = {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Key' },
        token: { type: 'http', scheme: 'bearer' },
      },
    }
    const { call } = api(tasks, { components, security: [{ key: [] }, { token: [] }] })
    const refused = await call('GET', '/tasks')
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    expect((await call('GET', '/tasks', undefined, { 'x-key': 'k' })).status).toBe(200)
    expect((await call('GET', '/tasks', undefined, { authorization: 'Bearer t' })).status).toBe(200)
    expect((await call('GET', '/tasks', undefined, { authorization: 'Basic t' })).status).toBe(401)
  })

  test('replays a key where it declares one', async () => {
    const keyed = {
      ...tasks,
      '/tasks': { ...tasks['/tasks'], parameters: [{ name: 'Idempotency-Key', in: 'header', schema: text }] },
    }
    const { call, mock } = api(keyed)
    const post = (title: string) => call('POST', '/tasks', { title }, { 'idempotency-key': 'k' })
    const first = await post('Brew')
    expect((await post('Brew')).body).toEqual(first.body)
    expect((await post('Drink')).status).toBe(422)
    expect(mock.objects('tasks')).toHaveLength(1)
  })
})

describe('a list of a document', () => {
  const envelope = {
    type: 'object',
    required: ['data', 'meta', 'has_more', 'next_cursor'],
    properties: {
      data: { type: 'array', items: ref('Task') },
      has_more: { type: 'boolean' },
      next_cursor: { type: ['string', 'null'] },
      meta: {
        type: 'object',
        required: ['total'],
        properties: { total: { type: 'integer' }, kind: { type: 'string', const: 'page' } },
      },
    },
  }
  const listed = (parameters: object[], schema: object, headers = {}) => ({
    '/tasks': { ...tasks['/tasks'], get: { parameters, responses: { 200: answer(schema, headers) } } },
    '/tasks/{taskId}': tasks['/tasks/{taskId}'],
  })
  async function filled(paths: object) {
    const world = api(paths)
    for (const title of ['a', 'b', 'c', 'd', 'e']) await world.call('POST', '/tasks', { title, done: title < 'c' })
    return world
  }
  const titles = (list: readonly { title: string }[]) => list.map(({ title }) => title).join('')

  test('pages by offset, filters by fields and keeps to the bounds', async () => {
    const { call } = await filled(tasks)
    expect(titles((await call('GET', '/tasks')).body)).toBe('ab')
    expect(titles((await call('GET', '/tasks?limit=2&offset=3')).body)).toBe('de')
    expect(titles((await call('GET', '/tasks?offset=9')).body)).toBe('')
    expect(titles((await call('GET', '/tasks?done=false&limit=5')).body)).toBe('cde')
    expect((await call('GET', '/tasks?limit=6')).status).toBe(400)
  })

  test('pages by cursor in the envelope that it describes', async () => {
    const { call } = await filled(listed([inQuery('limit', { type: 'integer' }), inQuery('cursor')], envelope))
    const seen: string[] = []
    let cursor = ''
    do {
      const { body: page } = await call('GET', `/tasks?limit=2${cursor}`)
      seen.push(titles(page.data))
      expect(page.meta).toMatchObject({ total: 5 })
      cursor = page.has_more ? `&cursor=${page.next_cursor}` : ''
    } while (cursor !== '')
    expect(seen).toEqual(['ab', 'cd', 'e'])
    expect((await call('GET', '/tasks?cursor=none')).status).toBe(400)
  })

  test('pages by number with links in the header', async () => {
    const paths = listed(
      [inQuery('per_page', { type: 'integer' }), inQuery('page', { type: 'integer' })],
      { type: 'array', items: ref('Task') },
      { Link: { schema: text } },
    )
    const { call } = await filled(paths)
    const { body: page, headers } = await call('GET', '/tasks?per_page=2&page=2')
    expect(titles(page)).toBe('cd')
    expect(headers.get('link')).toBe('</tasks?per_page=2&page=3>; rel="next", </tasks?per_page=2&page=1>; rel="prev"')
  })
})

describe('resources of a document', () => {
  test('hang below their parents', async () => {
    const paths = {
      ...tasks,
      '/tasks/{taskId}/notes': {
        parameters: [inPath('taskId', { type: 'integer' })],
        get: { responses: { 200: answer({ type: 'array', items: ref('Note') }) } },
        post: { requestBody: body(ref('Note')), responses: { 201: answer(ref('Note')), ...errors } },
      },
    }
    const note = {
      type: 'object',
      properties: { id: { type: 'string', format: 'uuid' }, taskId: { type: 'integer' }, text },
    }
    const { call, mock } = api(paths, { components: { schemas: { ...schemas, Note: note } } })
    expect((await call('POST', '/tasks/1/notes', { text: 'hot' })).status).toBe(404)
    await call('POST', '/tasks', { title: 'a' })
    await call('POST', '/tasks', { title: 'b' })
    const { body: made } = await call('POST', '/tasks/1/notes', { text: 'hot' })
    expect(made).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), text: 'hot' })
    expect((await call('GET', '/tasks/1/notes')).body).toEqual([made])
    expect((await call('GET', '/tasks/2/notes')).body).toEqual([])
    expect(mock.objects('note')).toEqual([made])
  })

  test('may come in envelopes and in shapes of their own', async () => {
    const wrapped = {
      type: 'object',
      required: ['task', 'ok'],
      properties: { task: ref('Task'), ok: { type: 'boolean', const: true } },
    }
    const short = {
      type: 'object',
      required: ['id', 'label'],
      properties: { id: { type: 'integer' }, label: { type: 'string', const: 'short' }, title: text },
    }
    const paths = {
      '/tasks': {
        get: {
          responses: {
            200: answer({
              type: 'object',
              properties: { tasks: { type: 'array', items: short }, count: { type: 'integer' } },
            }),
          },
        },
        post: {
          requestBody: body({ type: 'object', properties: { task: ref('NewTask') } }),
          responses: { 200: answer(wrapped) },
        },
      },
      '/tasks/{id}': { parameters: [inPath('id')], get: { responses: { 200: answer(wrapped) } } },
    }
    const { call } = api(paths)
    const { body: made } = await call('POST', '/tasks', { task: { title: 'a' } })
    expect(made).toMatchObject({ ok: true, task: { id: 1, title: 'a', done: false } })
    expect((await call('GET', '/tasks/1')).body).toEqual(made)
    expect((await call('GET', '/tasks')).body).toEqual({ tasks: [{ id: 1, label: 'short', title: 'a' }], count: 1 })
  })

  test('are made by PUT where nothing else makes them', async () => {
    const paths = {
      '/settings/{name}': {
        parameters: [inPath('name')],
        get: { responses: { 200: answer({ type: 'object', properties: { name: text, value: text } }) } },
        put: {
          requestBody: body({ type: 'object', properties: { value: text } }),
          responses: { 200: answer({ type: 'object', properties: { name: text, value: text } }) },
        },
      },
    }
    const { call } = api(paths)
    expect((await call('GET', '/settings/colour')).status).toBe(404)
    expect((await call('PUT', '/settings/colour', { value: 'green' })).body).toEqual({ name: 'colour', value: 'green' })
    expect((await call('GET', '/settings/colour')).body).toEqual({ name: 'colour', value: 'green' })
  })

  test('keep the ids that were sent, once', async () => {
    const pet = { type: 'object', required: ['id', 'name'], properties: { id: { type: 'integer' }, name: text } }
    const paths = {
      '/pet': {
        post: { requestBody: body(pet), responses: { 200: answer(pet) } },
        put: { requestBody: body(pet), responses: { 200: answer(pet) } },
      },
      '/pet/{petId}': { parameters: [inPath('petId', { type: 'integer' })], get: { responses: { 200: answer(pet) } } },
    }
    const { call } = api(paths)
    expect((await call('POST', '/pet', { id: 10, name: 'Rex' })).body).toEqual({ id: 10, name: 'Rex' })
    expect((await call('POST', '/pet', { id: 10, name: 'Max' })).status).toBe(409)
    expect((await call('PUT', '/pet', { id: 10, name: 'Max' })).body).toEqual({ id: 10, name: 'Max' })
    expect((await call('PUT', '/pet', { id: 11, name: 'Max' })).status).toBe(404)
  })

  test('stay as they are when something is done to them that nobody knows', async () => {
    const paths = {
      ...tasks,
      '/tasks/{taskId}/archive': {
        post: { parameters: [inPath('taskId', { type: 'integer' })], responses: { 200: answer(ref('Task')) } },
      },
    }
    const { call } = api(paths)
    expect((await call('POST', '/tasks/1/archive')).status).toBe(404)
    const { body: made } = await call('POST', '/tasks', { title: 'a' })
    expect((await call('POST', '/tasks/1/archive')).body).toEqual(made)
  })

  test('have ids in the shape of the example', async () => {
    const order = { type: 'object', properties: { id: { type: 'string', example: 'ord_8f3kQ2' }, note: text } }
    const paths = {
      '/orders': { post: { requestBody: body(order), responses: { 201: answer(order) } } },
      '/orders/{id}': { parameters: [inPath('id')], get: { responses: { 200: answer(order) } } },
    }
    expect((await api(paths).call('POST', '/orders', { note: 'x' })).body.id).toMatch(/^ord_[A-Za-z0-9]{6}$/)
  })

  test('are the same for the same seed and others for another', async () => {
    const note = { type: 'object', properties: { id: text, note: text } }
    const paths = {
      '/notes': { post: { requestBody: body(note), responses: { 201: answer(note) } } },
      '/notes/{id}': { parameters: [inPath('id')], get: { responses: { 200: answer(note) } } },
    }
    const made = async (seed: number) => (await api(paths, { seed }).call('POST', '/notes', { note: 'x' })).body.id
    expect(await made(1)).toMatch(/^note_[A-Za-z0-9]{16}$/)
    expect(await made(1)).toBe(await made(1))
    expect(await made(1)).not.toBe(await made(2))
  })
})
