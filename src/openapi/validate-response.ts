import { bodyKind, declaredFor, mediaTypeOf, parseJson, schemaOf } from './bodies.ts'
import { createCoercer } from './coerce.ts'
import { problem, problemsOf } from './explain.ts'
import { type ApiDocument, type DeclaredResponse, type Operation, type Problem, isNode, isSchema } from './model.ts'
import { readText } from './parameters.ts'
import { pointerOf } from './pointer.ts'
import { validatorsOf } from './validators.ts'

/** The declared answer that covers a status: itself, its class (`4XX`), or `default`. */
export function responseFor(operation: Operation, status: number): DeclaredResponse | undefined {
  const { responses } = operation
  return responses[String(status)] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses['default']
}

/**
 * Says what in an answer the document does not allow. `body` is the answer's bytes or, when it has been
 * parsed already, its value; headers are checked where they are given.
 *
 * A status that is not declared is one problem with the keyword `status`: providers send 429 and 5xx
 * without saying so, and what to make of that is the caller's to decide.
 */
export function validateResponse(
  document: ApiDocument,
  operation: Operation,
  status: number,
  contentType: string | null | undefined,
  body: unknown,
  headers?: Headers,
): Problem[] {
  const response = responseFor(operation, status)
  if (response === undefined) {
    const declared = Object.keys(operation.responses)
    const message = `The status ${status} is not declared; declared are ${declared.join(', ') || 'none'}.`
    return [problem('status', '', 'status', message, { status, declared })]
  }
  const problems = checkBody(document, response, contentType, body)
  if (headers !== undefined) problems.push(...checkHeaders(document, response, headers))
  return problems
}

function checkBody(
  document: ApiDocument,
  { content }: DeclaredResponse,
  contentType: string | null | undefined,
  body: unknown,
): Problem[] {
  const types = Object.keys(content)
  const isEmpty = body === undefined || (body instanceof Uint8Array && body.byteLength === 0)
  if (types.length === 0) return [] // an answer without declared content may carry what it likes
  if (isEmpty) return [problem('body', '', 'required', `A body is required: ${types.join(' or ')}.`)]
  const mediaType = mediaTypeOf(contentType)
  const declared = declaredFor(content, mediaType)
  if (declared === undefined) {
    const message = `The body must be ${types.join(' or ')}, not ${mediaType || 'without a content type'}.`
    return [problem('header', pointerOf('content-type'), 'contentType', message, { accepted: types })]
  }
  const schema = schemaOf(content[declared])
  let value: unknown = body
  if (body instanceof Uint8Array) {
    const kind = bodyKind(mediaType)
    if (kind !== 'json' && kind !== 'text') return []
    const text = new TextDecoder().decode(body)
    const parsed = kind === 'json' ? parseJson(text) : { value: text as unknown, isChecked: true }
    if ('syntaxError' in parsed) return [problem('body', '', 'syntax', parsed.syntaxError)]
    value = parsed.value
  }
  return schema === undefined ? [] : problemsOf(validatorsOf(document).check(schema, 'response')(value), 'body')
}

function checkHeaders(document: ApiDocument, response: DeclaredResponse, headers: Headers): Problem[] {
  const { references } = document
  const problems: Problem[] = []
  for (const [name, entry] of Object.entries(response.headers)) {
    const raw = references.follow(entry)
    if (!isNode(raw) || /^content-type$/i.test(name)) continue
    const text = headers.get(name)
    const pointer = pointerOf(name.toLowerCase())
    if (text === null) {
      if (raw['required'] === true) problems.push(problem('header', pointer, 'required', 'is required in the answer'))
      continue
    }
    const { schema } = raw
    if (!isSchema(schema)) continue
    const parameter = {
      name,
      in: 'header',
      required: false,
      style: 'simple',
      explode: raw['explode'] === true,
      schema,
      raw,
    } as const
    const reading = readText(parameter, text, { coerce: createCoercer(references), references })
    if (reading === undefined || 'syntaxError' in reading) continue
    problems.push(...problemsOf(validatorsOf(document).check(schema, 'response')(reading.value), 'header', pointer))
  }
  return problems
}
