import { readDocument } from '../../src/openapi/document.ts'

const json = (schema: unknown) => ({ description: 'an answer', content: { 'application/json': { schema } } })
const id = { name: 'order', in: 'path', required: true, schema: { type: 'string' } }

/** A small provider, with one of everything that schemas can say. */
export const shop = readDocument(
  {
    openapi: '3.0.3',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: 'https://shop.test/v1' }],
    paths: {
      '/orders': {
        get: {
          parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
          responses: {
            200: json({
              type: 'object',
              required: ['data'],
              properties: { data: { type: 'array', items: { $ref: '#/components/schemas/order' } } },
            }),
          },
        },
        post: {
          requestBody: {
            content: {
              'application/json': {
                schema: { type: 'object', required: ['total'], properties: { total: { type: 'integer' } } },
              },
            },
          },
          responses: { 201: json({ $ref: '#/components/schemas/order' }), 400: json({ type: 'object' }) },
        },
      },
      '/orders/{order}': {
        parameters: [id],
        get: { responses: { 200: json({ $ref: '#/components/schemas/order' }), default: json({ type: 'object' }) } },
        delete: { responses: { 204: { description: 'gone' } } },
      },
      '/orders/{order}/notes': {
        parameters: [id],
        post: { responses: { 200: json({ type: 'object' }), '5XX': json({ type: 'object', required: ['why'] }) } },
      },
    },
    components: {
      schemas: {
        order: {
          allOf: [
            {
              type: 'object',
              required: ['id', 'created'],
              properties: { id: { type: 'string' }, created: { type: 'integer' } },
            },
            {
              type: 'object',
              required: ['status', 'total', 'note', 'paid_at', 'lines', 'payer', 'labels', 'address'],
              properties: {
                status: { type: 'string', enum: ['open', 'paid.full'] },
                total: { type: 'number' },
                note: { type: 'string', nullable: true },
                paid_at: { type: 'integer', nullable: true },
                lines: {
                  type: 'array',
                  items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } },
                },
                payer: {
                  oneOf: [
                    { type: 'string' },
                    { type: 'object', required: ['mail'], properties: { mail: { type: 'string', format: 'email' } } },
                  ],
                },
                labels: { type: 'object', additionalProperties: { type: 'string' } },
                address: { type: 'object', nullable: true, properties: { city: { type: 'string' } } },
                gift: { type: 'boolean' },
              },
            },
          ],
        },
        event: {
          type: 'object',
          required: ['type', 'about'],
          properties: { type: { type: 'string' }, about: { type: 'object' } },
        },
      },
    },
  },
  'shop.yaml',
)

/** An order as the provider answers it. */
export const order = {
  id: 'ord_4711',
  created: 1_767_225_600,
  status: 'open',
  total: 12.5,
  note: null,
  paid_at: null,
  lines: [{ sku: 'tea', hint: 'optional' }, { sku: 'cup' }],
  payer: { mail: 'ada@example.test', phone: '1' },
  labels: { anything: 'goes' },
  address: null,
  gift: true,
}
