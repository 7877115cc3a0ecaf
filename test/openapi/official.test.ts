import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { loadDocument } from '../../src/openapi/load.ts'
import { type ApiDocument, type Operation, isSchema } from '../../src/openapi/model.ts'
import { sampleResponse, sampleSchema } from '../../src/openapi/sample.ts'
import { validatorsOf } from '../../src/openapi/validators.ts'
import { validateResponse } from '../../src/openapi/validate-response.ts'
import { lines, send } from './documents.ts'
import { externalFolder, filesIn } from './external.ts'

const folder = externalFolder('GOODFENCE_OFFICIAL_SPECS')
const load = (name: string) => loadDocument(`${folder}/${name}`, { cacheDir: false })

/** Schemas in the vendors' documents that no value satisfies: they contradict themselves. */
const impossible = new Set([
  'algolia-search.yaml POST /1/indexes/{indexName}/query',
  'algolia-search.yaml POST /1/indexes/{indexName}/browse',
  'intercom-2.16.yaml POST /conversations',
  'mailgun.yaml POST /v1/thresholds/alerts/send',
  'mailgun.yaml GET /v1/thresholds/alerts/send/{name}',
  'mailgun.yaml PUT /v1/thresholds/alerts/send/{name}',
  'mailgun.yaml POST /v2/bounce-classification/metrics',
  'vonage-sms.yaml POST /{format}',
])

/** Compiles and satisfies every schema of an operation; says what could not be. */
function refused(document: ApiDocument, operation: Operation, index: number): string[] {
  const random = seededRandom(1, operation.name)
  const validators = validatorsOf(document)
  for (const { schema } of operation.parameters) if (schema !== undefined) validators.check(schema, 'request')('x')
  const problems: string[] = []
  for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
    if (!isSchema(schema)) continue
    const errors = validators.check(schema, 'request')(sampleSchema(document, schema, random, 'request'))
    problems.push(...errors.map(({ instancePath, keyword }) => `request ${instancePath} ${keyword}`))
  }
  // The answers of a document with hundreds of operations are much alike, and compiling them takes long.
  if (document.operations.length > 200 && index % 5 > 0) return problems
  const { status, contentType, body } = sampleResponse(document, operation, { random })
  return [...problems, ...lines(validateResponse(document, operation, status, contentType, body))]
}

describe.runIf(folder)('official documents', () => {
  const documents = filesIn(folder ?? '.', /\.(yaml|json)$/).filter(
    (path) => !/SOURCES|fixtures|swagger2/.test(path) && folder !== undefined,
  )
  test.for(documents.map((path) => basename(path)))(
    '%s loads, and every operation compiles and is sampled',
    { timeout: 120_000 },
    async (name) => {
      const document = await load(name)
      const bad = document.operations.filter(
        (operation, i) => !impossible.has(`${name} ${operation.name}`) && refused(document, operation, i).length > 0,
      )
      expect(bad.map((operation) => operation.name)).toEqual([])
    },
  )

  test('Stripe: forms are typed, checked, and their problems named', async () => {
    const stripe = await load('stripe.yaml')
    const post = (path: string, body: string) =>
      send(stripe, 'POST', path, { contentType: 'application/x-www-form-urlencoded', body })
    const good = post(
      '/v1/payment_intents',
      'amount=1000&currency=usd&payment_method_types[]=card&metadata[order]=7&confirm=true',
    )
    expect(good.problems).toEqual([])
    expect(good.value.body).toEqual({
      amount: 1000,
      currency: 'usd',
      payment_method_types: ['card'],
      metadata: { order: '7' },
      confirm: true,
    })
    expect(lines(post('/v1/payment_intents', 'amount=x&foo=1&payment_method_types=card').problems).sort()).toEqual([
      'body amount: type',
      'body currency: required',
      'body foo: additionalProperties',
      'body payment_method_types: type',
    ])
    expect(post('/v1/customers/cus_1', 'metadata=&email=&shipping=&balance=-5').problems).toEqual([])
    const list = send(stripe, 'GET', '/v1/charges', { query: 'limit=3&created[gte]=100&expand[]=data.customer' })
    expect(list).toMatchObject({
      problems: [],
      value: { query: { limit: 3, created: { gte: 100 }, expand: ['data.customer'] } },
    })
  })

  test('GitHub: a schema that is nullable without a type is enforced', async () => {
    const github = await load('github.json')
    const post = (body: string) => send(github, 'POST', '/repos/o/r/issues', { contentType: 'application/json', body })
    expect(lines(post('{"body":7}').problems)).toEqual(['body title: required', 'body body: type'])
    expect(post('{"title":"x","milestone":null}').problems).toEqual([])
    expect(lines(post('{"title":"x","milestone":true}').problems)).toEqual(['body milestone: oneOf'])
  })

  test('Slack: a Swagger 2.0 document is refused with the mend', async () => {
    await expect(load('slack-web-swagger2.json')).rejects.toThrow(/Convert it once/)
  })
})
