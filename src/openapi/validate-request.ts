import { isGoodfenceError } from '../core/errors.ts'
import { type ParsedBody, bodyKind, declaredFor, mediaTypeOf, parseBody, schemaOf } from './bodies.ts'
import { type Coercer, createCoercer } from './coerce.ts'
import { problem, problemsOf } from './explain.ts'
import { type Form, parseForm, pathOfName } from './form.ts'
import { type Memo, createMemo, maxMemoBytes } from './memo.ts'
import {
  type ApiDocument,
  type Node,
  type Operation,
  type Parameter,
  type Problem,
  type Schema,
  isNode,
} from './model.ts'
import { type Reader, type Reading, readQuery, readText } from './parameters.ts'
import { pointerOf } from './pointer.ts'
import { validatorsOf } from './validators.ts'

/** The parts of a request that a document speaks about. */
export interface RequestParts {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams | string
  readonly headers: Headers
  readonly contentType?: string | null | undefined
  readonly body: Uint8Array
}

/** A request as values, with everything about it that the document does not allow. */
export interface ValidatedRequest {
  readonly value: {
    readonly params: Readonly<Record<string, unknown>>
    readonly query: Readonly<Record<string, unknown>>
    readonly body: unknown
  }
  readonly problems: readonly Problem[]
  /** Names in the query that the operation does not declare. OpenAPI allows them, many providers do not. */
  readonly undeclared: readonly string[]
}

/** What an operation asks to be looked at, worked out once. */
interface RequestPlan extends Reader {
  readonly document: ApiDocument
  readonly operation: Operation
  /** Only those whose schema asks for more than text. */
  readonly path: readonly Parameter[]
  readonly query: readonly Parameter[]
  readonly needsQuery: boolean
  readonly headers: readonly Parameter[]
  readonly cookies: readonly Parameter[]
  /** Queries and forms that were found good, by their text. */
  readonly queries: Memo<ReadQuery>
  readonly forms: Memo<unknown>
}

interface ReadQuery {
  readonly value: Readonly<Record<string, unknown>>
  readonly undeclared: readonly string[]
}

const plans = new WeakMap<Operation, RequestPlan>()
const coercers = new WeakMap<ApiDocument, Coercer>()
const none: readonly never[] = []
const empty: Readonly<Record<string, never>> = Object.freeze({})

/** Bodies above this size have their first problem told only. */
const largeBytes = 256 * 1024

/**
 * Reads a request's parameters and body as the operation declares them, coerces texts by schema, and
 * says what is wrong. Schemas are compiled when the first value for them arrives.
 *
 * Throws `document_malformed` when a schema that is needed cannot be compiled: nothing passes unchecked.
 */
export function validateRequest(document: ApiDocument, operation: Operation, request: RequestParts): ValidatedRequest {
  const plan = planOf(document, operation)
  const problems: Problem[] = []
  const params = plan.path.length === 0 ? request.params : checkPath(plan, request.params, problems)
  const queryText = typeof request.query === 'string' ? request.query : request.query.toString()
  const query =
    queryText === '' && !plan.needsQuery ? { value: empty, undeclared: none } : checkQuery(plan, queryText, problems)
  if (plan.headers.length > 0) checkHeaders(plan, request.headers, problems)
  if (plan.cookies.length > 0) checkCookies(plan, request.headers.get('cookie') ?? '', problems)
  const body = checkBody(plan, request, problems)
  return { value: { params, query: query.value, body }, problems, undeclared: query.undeclared }
}

function planOf(document: ApiDocument, operation: Operation): RequestPlan {
  let plan = plans.get(operation)
  if (plan === undefined) {
    const { references } = document
    const coerce = coercers.get(document) ?? createCoercer(references)
    coercers.set(document, coerce)
    const of = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place)
    const query = of('query')
    plan = {
      document,
      operation,
      references,
      coerce,
      path: of('path').filter(({ schema }) => !isPlainText(schema)),
      query,
      needsQuery: query.some(({ required }) => required),
      headers: of('header').filter(({ name }) => !/^(accept|content-type|authorization)$/i.test(name)),
      cookies: of('cookie'),
      queries: createMemo(),
      forms: createMemo(),
    }
    plans.set(operation, plan)
  }
  return plan
}

const wordsOfPlainText = new Set(['type', 'description', 'title', 'example', 'examples', 'default', 'deprecated'])

function isPlainText(schema: Schema | undefined): boolean {
  if (!isNode(schema)) return schema !== false
  for (const keyword in schema) if (!wordsOfPlainText.has(keyword) && !keyword.startsWith('x-')) return false
  return schema['type'] === 'string' || schema['type'] === undefined
}

/** Puts a parameter's value where it belongs, or says why not. */
function accept(plan: RequestPlan, parameter: Parameter, reading: Reading, problems: Problem[]): unknown {
  const { name, in: place, required, schema, raw } = parameter
  if (reading === undefined) {
    const what = { path: 'path', query: 'query', header: 'header', cookie: 'cookie' }[place]
    if (required)
      problems.push(named(place, name, '', 'required', `is required in the ${what}`, { missingProperty: name }))
    return undefined
  }
  if ('syntaxError' in reading) {
    problems.push(named(place, name, '', 'syntax', reading.syntaxError))
    return undefined
  }
  const { value } = reading
  if (schema === undefined || (value === '' && raw['allowEmptyValue'] === true)) return value
  const errors = validatorsOf(plan.document).check(schema, 'request')(value)
  for (const found of problemsOf(errors, place))
    problems.push(named(place, name, found.pointer, found.keyword, found.message, found.params))
  return value
}

/** A problem below a parameter whose own name may have brackets. */
function named(
  place: Problem['in'],
  name: string,
  below: string,
  keyword: string,
  message: string,
  params: Problem['params'] = {},
): Problem {
  const inside = problem(place, `${pointerOf('')}${below}`, keyword, message, params)
  return { ...inside, pointer: pointerOf(name) + below, name: name + inside.name }
}

function checkPath(plan: RequestPlan, params: RequestParts['params'], problems: Problem[]): Record<string, unknown> {
  const result: Record<string, unknown> = { ...params }
  for (const parameter of plan.path) {
    const text = params[parameter.name]
    const reading = text === undefined ? undefined : readText(parameter, text, plan)
    result[parameter.name] = accept(plan, parameter, reading, problems)
  }
  return result
}

function checkQuery(plan: RequestPlan, text: string, problems: Problem[]): ReadQuery {
  const known = plan.queries.get(text)
  if (known !== undefined) return known
  const read = readWholeQuery(plan, text, problems)
  if (problems.length === 0) plan.queries.keep(text, read)
  return read
}

function readWholeQuery(plan: RequestPlan, text: string, problems: Problem[]): ReadQuery {
  let query: Form
  try {
    query = parseForm(text.startsWith('?') ? text.slice(1) : text)
  } catch (error) {
    if (!isGoodfenceError(error, 'form_malformed')) throw error
    problems.push({ ...problem('query', '', 'syntax', error.message), name: error.facts.name })
    return { value: {}, undeclared: none }
  }
  const value: Record<string, unknown> = { ...query }
  const left = new Set(Object.keys(query))
  for (const parameter of plan.query) {
    const reading = readQuery(parameter, query, plan)
    const accepted = accept(plan, parameter, reading, problems)
    if (reading === undefined) continue
    value[parameter.name] = accepted
    if (isNode(accepted)) for (const key in accepted) left.delete(key)
    left.delete(parameter.name)
    left.delete(pathOfName(parameter.name)[0] as string)
  }
  return { value, undeclared: left.size === 0 ? none : [...left] }
}

function checkHeaders(plan: RequestPlan, headers: Headers, problems: Problem[]): void {
  for (const parameter of plan.headers) {
    const text = headers.get(parameter.name)
    accept(plan, parameter, text === null ? undefined : readText(parameter, text, plan), problems)
  }
}

function checkCookies(plan: RequestPlan, header: string, problems: Problem[]): void {
  const cookies = new Map(
    header.split(/;\s*/).map((pair) => [pair.split('=', 1)[0] as string, pair.slice(pair.indexOf('=') + 1)]),
  )
  for (const parameter of plan.cookies) {
    const text = cookies.get(parameter.name)
    accept(plan, parameter, text === undefined ? undefined : readText(parameter, text, plan), problems)
  }
}

function checkBody(plan: RequestPlan, request: RequestParts, problems: Problem[]): unknown {
  const { requestBody } = plan.operation
  if (requestBody === undefined) return undefined
  const { content, required } = requestBody
  const types = Object.keys(content)
  const { body } = request
  const onlyType = types.length === 1 && !(types[0] as string).includes('*') ? types[0] : undefined
  const contentType = request.contentType || (onlyType ?? '')
  const isForm = bodyKind(mediaTypeOf(contentType || types[0])) === 'form'
  if (body.byteLength === 0 && !(isForm && required)) {
    if (required) problems.push(problem('body', '', 'required', 'A body is required.'))
    return isForm ? {} : undefined
  }
  const declared = declaredFor(content, mediaTypeOf(contentType))
  if (declared === undefined) {
    if (types.length === 0) return undefined
    const message = `The body must be ${types.join(' or ')}, not ${mediaTypeOf(contentType) || 'without a content type'}.`
    problems.push({ ...problem('header', pointerOf('content-type'), 'contentType', message, { accepted: types }) })
    return undefined
  }
  const media = content[declared] ?? {}
  if (!isForm || body.byteLength > maxMemoBytes) return readBody(plan, contentType, media, body, problems)
  const text = `${contentType}\n${decoder.decode(body)}`
  const known = plan.forms.get(text)
  if (known !== undefined) return known
  const found: Problem[] = []
  const value = readBody(plan, contentType, media, body, found)
  if (found.length === 0) plan.forms.keep(text, value)
  else problems.push(...found)
  return value
}

const decoder = new TextDecoder()

function readBody(plan: RequestPlan, contentType: string, media: Node, body: Uint8Array, problems: Problem[]): unknown {
  const parsed = parseBody(body, { contentType, media, coerce: plan.coerce, references: plan.references })
  return checkParsed(plan, parsed, schemaOf(media), body.byteLength > largeBytes, problems)
}

function checkParsed(
  plan: RequestPlan,
  parsed: ParsedBody,
  schema: Schema | undefined,
  isLarge: boolean,
  problems: Problem[],
): unknown {
  if ('syntaxError' in parsed) {
    problems.push({ ...problem('body', '', 'syntax', parsed.syntaxError), name: parsed.field ?? '' })
    return undefined
  }
  if (schema !== undefined && parsed.isChecked) {
    const errors = validatorsOf(plan.document).check(schema, 'request')(parsed.value, isLarge)
    if (errors.length > 0) problems.push(...problemsOf(errors, 'body'))
  }
  return parsed.value
}
