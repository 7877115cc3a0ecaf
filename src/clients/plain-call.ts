import { jsonOf } from '../core/body.ts'
import { lightHeaders } from '../core/light-headers.ts'
import { lightRequest } from '../core/light.ts'
import { type Service } from '../core/service.ts'

/** How openapi-fetch is told to write calls. */
export interface PlainCallOptions {
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodySerializer: (body: object, headers: Headers) => string
  readonly querySerializer: (query: Record<string, unknown>) => string
}

/** What a call may say for it to be plain. */
export interface PlainInit {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  readonly params?:
    | { readonly path?: Readonly<Record<string, string | number>>; readonly query?: Record<string, unknown> }
    | undefined
  readonly body?: object | undefined
  readonly signal?: AbortSignal | null | undefined
}

/** What openapi-fetch answers a call with. */
export type Result = { readonly data?: unknown; readonly error?: unknown; readonly response: Response }

/**
 * Makes the function that carries out a call that is plain, as nearly all are, as openapi-fetch does but in a light
 * request. Ask `isPlain` first.
 */
export function plainCaller(service: Service, options: PlainCallOptions) {
  const { headers: always, bodySerializer, querySerializer } = options
  const baseUrl = options.baseUrl.endsWith('/') ? options.baseUrl.slice(0, -1) : options.baseUrl
  return async (method: string, template: string, init: PlainInit): Promise<Result> => {
    const { params, body, headers: own, signal } = init
    const search = params?.query === undefined ? '' : querySerializer(params.query)
    const path = params?.path === undefined ? template : filled(template, params.path)
    const headers = lightHeaders()
    if (body !== undefined) headers.set('content-type', 'application/json')
    for (const name in always) headers.set(name, always[name] as string)
    for (const name in own) if (own[name] !== undefined) headers.set(name, own[name])
    if (body === undefined) headers.delete('content-type')
    const url = search === '' ? baseUrl + path : `${baseUrl}${path}?${search}`
    const text = body === undefined ? null : bodySerializer(body, headers)
    return resultOf(await service(lightRequest({ url, method, headers, body: text, signal })), method)
  }
}

const plainFields: ReadonlySet<string> = new Set<keyof PlainInit>(['headers', 'params', 'body', 'signal'])

/** Whether a call leaves everything but its parameters, headers, body and signal as it is by default. */
export function isPlain(init: object): init is PlainInit {
  for (const field in init) if (!plainFields.has(field)) return false
  const { headers, params = {}, body } = init as { headers?: unknown; params?: object; body?: unknown }
  if (headers !== undefined && !isRecordOf(headers, isText)) return false
  if (body !== undefined && !isRecord(body)) return false
  for (const place in params) {
    if (place === 'query') continue
    if (place !== 'path' || !isRecordOf((params as PlainInit['params'])?.path, isTextOrNumber)) return false
  }
  return true
}

const isText = (value: unknown) => typeof value === 'string' || value === undefined
const isTextOrNumber = (value: unknown) => typeof value === 'string' || typeof value === 'number'

/** An object literal, whose prototype says nothing of its own. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function isRecordOf(value: unknown, fits: (member: unknown) => boolean): boolean {
  if (!isRecord(value)) return false
  for (const name in value) if (!fits(value[name])) return false
  return true
}

/** A template with values in place of its parameters. Taken apart by hand: a replacing expression costs five times as much. */
function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  let path = ''
  let copied = 0
  for (let open = template.indexOf('{'); open >= 0; open = template.indexOf('{', open + 1)) {
    const close = template.indexOf('}', open)
    const value = values[template.slice(open + 1, close)]
    if (close < 0 || value === undefined) continue
    path += template.slice(copied, open) + encodeURIComponent(value)
    copied = close + 1
  }
  return path + template.slice(copied)
}

async function resultOf(response: Response, method: string): Promise<Result> {
  const { ok, status, headers } = response
  if (status === 204 || method === 'HEAD' || isEmpty(headers))
    return ok ? { data: undefined, response } : { error: undefined, response }
  if (ok) return { data: await jsonOf(response), response }
  const text = await response.text()
  try {
    return { error: JSON.parse(text), response }
  } catch {
    return { error: text, response }
  }
}

function isEmpty(headers: Headers): boolean {
  return headers.get('content-length') === '0' && !headers.get('transfer-encoding')?.includes('chunked')
}
