import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadDocument } from '../../src/openapi/load.ts'
import { isNode } from '../../src/openapi/model.ts'
import { validateResponse } from '../../src/openapi/validate-response.ts'
import { stripe } from '../../src/providers/stripe.ts'

const document = await loadDocument(join(import.meta.dirname, '../../specs', stripe.document))

/** Every example of every answer, with the operation and the status it is for. */
const examples = document.operations.flatMap((operation) =>
  Object.entries(operation.responses).flatMap(([status, response]) => {
    const shown = response.content['application/json']?.['examples']
    return Object.entries(isNode(shown) ? shown : {}).map(([name, example]) => ({
      operation,
      status: status === 'default' ? 402 : Number(status),
      title: `${operation.name} ${status} ${name}`,
      value: valueOf(example),
    }))
  }),
)

function valueOf(example: unknown): unknown {
  const reference = isNode(example) ? example['$ref'] : undefined
  const resolved = typeof reference === 'string' ? document.resolve(reference) : example
  return isNode(resolved) ? resolved['value'] : undefined
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const problems = ({ operation, status, value }: (typeof examples)[number]) =>
  validateResponse(document, operation, status, 'application/json', bytes(value))

describe('the slice of Stripe', () => {
  test('has the operations of a payment from the customer to the refund', () => {
    expect(document.operations.map((operation) => operation.name).toSorted()).toMatchInlineSnapshot(`
      [
        "DELETE /v1/customers/{customer}",
        "DELETE /v1/products/{id}",
        "DELETE /v1/webhook_endpoints/{webhook_endpoint}",
        "GET /v1/balance_transactions",
        "GET /v1/balance_transactions/{id}",
        "GET /v1/charges",
        "GET /v1/charges/{charge}",
        "GET /v1/customers",
        "GET /v1/customers/{customer}",
        "GET /v1/customers/{customer}/payment_methods",
        "GET /v1/customers/{customer}/payment_methods/{payment_method}",
        "GET /v1/events",
        "GET /v1/events/{id}",
        "GET /v1/payment_intents",
        "GET /v1/payment_intents/{intent}",
        "GET /v1/payment_methods",
        "GET /v1/payment_methods/{payment_method}",
        "GET /v1/prices",
        "GET /v1/prices/{price}",
        "GET /v1/products",
        "GET /v1/products/{id}",
        "GET /v1/refunds",
        "GET /v1/refunds/{refund}",
        "GET /v1/webhook_endpoints",
        "GET /v1/webhook_endpoints/{webhook_endpoint}",
        "POST /v1/customers",
        "POST /v1/customers/{customer}",
        "POST /v1/payment_intents",
        "POST /v1/payment_intents/{intent}",
        "POST /v1/payment_intents/{intent}/cancel",
        "POST /v1/payment_intents/{intent}/capture",
        "POST /v1/payment_intents/{intent}/confirm",
        "POST /v1/payment_methods",
        "POST /v1/payment_methods/{payment_method}",
        "POST /v1/payment_methods/{payment_method}/attach",
        "POST /v1/payment_methods/{payment_method}/detach",
        "POST /v1/prices",
        "POST /v1/prices/{price}",
        "POST /v1/products",
        "POST /v1/products/{id}",
        "POST /v1/refunds",
        "POST /v1/refunds/{refund}",
        "POST /v1/refunds/{refund}/cancel",
        "POST /v1/webhook_endpoints",
        "POST /v1/webhook_endpoints/{webhook_endpoint}",
      ]
    `)
  })

  test.each(examples)('shows an answer that its own schema allows: $title', (example) => {
    expect(problems(example)).toEqual([])
  })

  test('shows an answer for every operation, and tells a wrong one from a right one', () => {
    const shown = new Set(examples.filter(({ status }) => status === 200).map(({ operation }) => operation.name))
    expect(document.operations.filter((operation) => !shown.has(operation.name))).toEqual([])
    expect(problems({ ...examples[0]!, value: { object: 'list' } })).not.toEqual([])
  })

  test('lets endpoints ask for every event that the manifest names', () => {
    const { items } = document.schema('enabled_events') as { items: { enum: string[] } }
    expect(stripe.events.filter((event) => !items.enum.includes(event))).toEqual([])
  })

  test('knows the base URL and the version that it was checked against', () => {
    expect(document.servers).toEqual([stripe.baseUrls.live])
    expect(document.version).toBe('2023-08-16')
  })
})
