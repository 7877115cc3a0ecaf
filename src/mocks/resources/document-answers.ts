import { jsonText } from '../../core/json-body.ts'
import { type Operation, type Schema } from '../../openapi/model.ts'
import { sampleResponse } from '../../openapi/sample.ts'
import { type Answer } from '../answer.ts'
import { type Exchange } from '../exchange.ts'
import { successOf } from './declared.ts'
import { type InferredResource, itemSchemaOf, listSchemaOf } from './infer.ts'
import { type Fields, type Kept } from './keeper.ts'
import { envelopeOf, linkOf } from './list-envelope.ts'
import { type MakeTools, acceptable, fits, makeObject } from './make-object.ts'
import { type Page } from './pagination.ts'
import { sameSchema, viewOf } from './schema-view.ts'

/** Writes kept objects down as the operations of a document declare their answers. */
export interface DocumentAnswers {
  /** One object, with the first of `statuses` that is declared. `also` goes where the schema has a place for it. */
  item(operation: Operation, resource: InferredResource, kept: Kept, statuses: readonly number[], also?: Fields): Answer
  page(operation: Operation, resource: InferredResource, page: Page<Kept>, exchange: Exchange): Answer
  /** What the document gives for an example. */
  example(operation: Operation, status?: number): Answer
}

/** Makes the writer for one document. */
export function documentAnswers(tools: MakeTools): DocumentAnswers {
  const { document, random } = tools

  function example(operation: Operation, wanted?: number): Answer {
    const options = wanted === undefined ? { random } : { random, status: wanted }
    const { status, contentType, body } = sampleResponse(document, operation, options)
    if (body === undefined || contentType === undefined) return { status, headers: {}, body: null }
    return { status, headers: { 'content-type': contentType }, body: textOf(body) }
  }

  /** What does not fit its own schema, in spite of all, is answered with an example. */
  function written(operation: Operation, status: number, contentType: string, schema: Schema, body: unknown): Answer {
    if (!fits(document, schema, body)) return example(operation, status)
    return { status, headers: { 'content-type': contentType }, body: textOf(body) }
  }

  /** The object as it is, or in a shape that an operation gives it for itself. */
  function shaped(resource: InferredResource, { id, value }: Kept, schema: Schema, also: Fields): Fields {
    if (sameSchema(document, schema, resource.schema)) {
      const more = acceptable(document, schema, also)
      return Object.keys(more).length === 0 ? value : { ...value, ...more }
    }
    const { properties } = viewOf(document, schema)
    const name = resource.idNames.find((each) => Object.hasOwn(properties, each))
    const shownId = name === undefined ? {} : { [name]: value[resource.idField] ?? id }
    return makeObject(tools, schema, { ...value, ...shownId, ...also })
  }

  return {
    example,
    item(operation, resource, kept, statuses, also = {}) {
      const { status, contentType, schema } = successOf(operation, statuses)
      if (schema === undefined || status === 204) return { status, headers: {}, body: null }
      const place = itemSchemaOf(document, schema, [resource.idField])
      const object = shaped(resource, kept, place?.schema ?? schema, also)
      const body = place?.field === undefined ? object : { ...makeObject(tools, schema, also), [place.field]: object }
      return written(operation, status, contentType, schema, body)
    },
    page(operation, resource, page, { origin, path, query }) {
      const { status, contentType, schema, response } = successOf(operation, [200])
      const list = listSchemaOf(document, schema)
      if (schema === undefined || list === undefined) return example(operation)
      const items = page.items.map((kept) => shaped(resource, kept, list.items, {}))
      const { field } = list
      const facts = { document, schema, page: { ...page, items }, origin, path, query, random }
      const answer = written(
        operation,
        status,
        contentType,
        schema,
        field === undefined ? items : envelopeOf({ ...facts, field }),
      )
      const link = linkHeader(response.headers, page, path, query)
      return link === undefined ? answer : { ...answer, headers: { ...answer.headers, link } }
    },
  }
}

function textOf(body: unknown): string {
  return typeof body === 'object' && body !== null ? jsonText(body) : JSON.stringify(body)
}

/** RFC 8288 links to the pages around, where the document says that there are some. */
function linkHeader(
  declared: Fields,
  { next, previous }: Page<unknown>,
  path: string,
  query: string,
): string | undefined {
  if (!Object.keys(declared).some((name) => name.toLowerCase() === 'link')) return undefined
  const links = [
    { url: linkOf(next, path, query), relation: 'next' },
    { url: linkOf(previous, path, query), relation: 'prev' },
  ].flatMap(({ url, relation }) => (url === undefined ? [] : [`<${url}>; rel="${relation}"`]))
  return links.length === 0 ? undefined : links.join(', ')
}
