import { type Random } from '../core/random.ts'
import { bodyKind, mediaTypeOf, schemaOf } from '../openapi/bodies.ts'
import { type ApiDocument, type DeclaredResponse, type Operation, type Schema, isNode } from '../openapi/model.ts'
import { sampleResponse, sampleSchema } from '../openapi/sample.ts'
import { createSampler } from '../openapi/sampler.ts'
import { responseFor } from '../openapi/validate-response.ts'
import { validatorsOf } from '../openapi/validators.ts'
import { type Answer } from './answer.ts'
import { type Refusal } from './refusal.ts'
import { viewOf } from './resources/schema-view.ts'

interface Style {
  readonly contentType: string
  readonly schema: Schema
}

/** Says no in the shape that the document gives its errors; without one, as RFC 9457 problem details. */
export function errorInStyle(
  document: ApiDocument,
  operation: Operation | undefined,
  refusal: Refusal,
  random: Random,
): Answer {
  const { status, headers = {} } = refusal
  const style = (operation === undefined ? undefined : styleOf(responseFor(operation, status))) ?? commonStyle(document)
  if (style === undefined) {
    const { message: detail, code, fields } = refusal
    const body = {
      type: 'about:blank',
      title: titles[status] ?? 'Error',
      status,
      detail,
      ...(code === undefined ? {} : { code }),
      ...fields,
    }
    return {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
      body: JSON.stringify(body, null, 2),
    }
  }
  const { contentType, schema } = style
  const worded = bodyIn(document, schema, refusal, random)
  const fits = validatorsOf(document).check(schema, 'response')(worded).length === 0
  // Words that do not fit give way to whatever example does.
  const example = () => sampledFor(document, operation, status, random) ?? sampleSchema(document, schema, random)
  const body = JSON.stringify(fits ? worded : example(), null, 2)
  return { status, headers: { 'content-type': contentType, ...headers }, body }
}

function styleOf(response: DeclaredResponse | undefined): Style | undefined {
  for (const [contentType, media] of Object.entries(response?.content ?? {})) {
    const schema = schemaOf(media)
    if (schema !== undefined && bodyKind(mediaTypeOf(contentType)) === 'json') return { contentType, schema }
  }
  return undefined
}

const commonStyles = new WeakMap<ApiDocument, Style | 'none'>()

/** The first error that any operation declares: providers have one style. */
function commonStyle(document: ApiDocument): Style | undefined {
  let style = commonStyles.get(document)
  if (style === undefined) {
    style = 'none'
    search: for (const { responses } of document.operations)
      for (const [status, response] of Object.entries(responses)) {
        const found = /^(?:[45]|default)/.test(status) ? styleOf(response) : undefined
        if (found === undefined) continue
        style = found
        break search
      }
    commonStyles.set(document, style)
  }
  return style === 'none' ? undefined : style
}

/** What the schema asks for, its words replaced by the refusal's where they fit. */
function bodyIn(document: ApiDocument, schema: Schema, refusal: Refusal, random: Random): unknown {
  const draw = createSampler({ document, random, direction: 'response', useExamples: false, optional: 'none' })
  return withWords(document, schema, draw(schema), refusal, draw, 0)
}

function sampledFor(document: ApiDocument, operation: Operation | undefined, status: number, random: Random): unknown {
  if (operation === undefined || responseFor(operation, status) === undefined) return undefined
  return sampleResponse(document, operation, { random, status }).body
}

function withWords(
  document: ApiDocument,
  schema: Schema,
  drawn: unknown,
  refusal: Refusal,
  draw: (schema: Schema) => unknown,
  depth: number,
): unknown {
  const view = viewOf(document, schema)
  if (Array.isArray(drawn) || view.types[0] === 'array') {
    if (view.items === undefined || depth > 3) return drawn
    return [withWords(document, view.items, draw(view.items), refusal, draw, depth + 1)]
  }
  if (typeof drawn === 'string' && depth > 0) return refusal.message
  if (!isNode(drawn)) return drawn
  const body: Record<string, unknown> = { ...drawn }
  for (const [name, property] of Object.entries(view.properties)) {
    const inner = viewOf(document, property)
    const word = wordFor(name, inner.types, inner.keywords, refusal)
    if (word !== undefined && validatorsOf(document).check(property, 'response')(word).length === 0) body[name] = word
    else if (holders.test(name) && depth < 3 && (Object.hasOwn(drawn, name) || !/s$/i.test(name)))
      body[name] = withWords(document, property, drawn[name] ?? draw(property), refusal, draw, depth + 1)
  }
  return body
}

const holders = /^(?:errors?|fault|problem|details?)$/i

function wordFor(
  name: string,
  types: readonly string[],
  keywords: Readonly<Record<string, unknown>>,
  refusal: Refusal,
): unknown {
  const { status, code, message } = refusal
  if (types.includes('integer') || types.includes('number'))
    return /^(?:status|code|http_?status|status_?code|error_?code)$/i.test(name) ? status : undefined
  if (!types.includes('string') || 'enum' in keywords || 'const' in keywords) return undefined
  if (/^(?:message|msg|detail|description|reason|error_?description|error_?message)$/i.test(name)) return message
  if (/^(?:status|http_?status|status_?code)$/i.test(name)) return String(status)
  if (/^title$/i.test(name)) return titles[status] ?? message
  if (/^(?:code|error|error_?code)$/i.test(name)) return code ?? titles[status] ?? 'error'
  return undefined
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}
