import { JsonBody } from './json-body.ts'
import { type KnownBody, LightBody } from './light-body.ts'
import { type HeadersInit, lightHeaders } from './light-headers.ts'

export interface LightRequestInit {
  readonly url: string
  /** @default 'GET' */
  readonly method?: string | undefined
  /** @default none */
  readonly headers?: HeadersInit | undefined
  /** @default no body */
  readonly body?: KnownBody | undefined
  /** Stays the very signal that it is. @default one that never aborts */
  readonly signal?: AbortSignal | null | undefined
}

export interface LightResponseInit {
  /** @default 200 */
  readonly status?: number | undefined
  /** @default '' */
  readonly statusText?: string | undefined
  /** @default none */
  readonly headers?: HeadersInit | undefined
}

/**
 * A `Request` of text or bytes in memory at a fraction of the platform's price: the same interface, the
 * same checks, an instance of `Request`. Only the platform's own `fetch` and constructors cannot
 * take it; `platformFetch` and `toPlatform` stand before those.
 */
export function lightRequest(init: LightRequestInit): Request {
  return new LightRequest(init) as unknown as Request
}

/** A `Response` of text or bytes in memory, as `lightRequest` makes a `Request`. */
export function lightResponse(body: KnownBody | JsonBody, init: LightResponseInit = {}): Response {
  return new LightResponse(body, init) as unknown as Response
}

/** The body of a light message; undefined for one of the platform's. */
export function lightBodyOf(message: Request | Response): LightBody | undefined {
  return (message as unknown as Partial<Reading>)[content]
}

/** The signal that a request was made with; a light request that was given none has none. */
export function signalOf(request: Request): AbortSignal | undefined {
  return content in request ? (request as unknown as LightRequest).given : request.signal
}

const content = Symbol('content')

/** What requests and responses share. */
class Reading {
  declare readonly [content]: LightBody
  declare readonly headers: Headers

  get body() {
    return this[content].stream
  }
  get bodyUsed() {
    return this[content].used
  }
  text() {
    return this[content].text()
  }
  json() {
    return this[content].json()
  }
  bytes() {
    return this[content].bytes()
  }
  arrayBuffer() {
    return this[content].arrayBuffer()
  }
  blob() {
    return this[content].blob(this.headers)
  }
  formData() {
    return this[content].formData(this.headers)
  }
}

class LightRequest {
  readonly [content]: LightBody
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly given: AbortSignal | undefined
  #signal: AbortSignal | undefined

  constructor({ url, method = 'GET', headers, body = null, signal }: LightRequestInit) {
    this.url = normalUrl(url)
    this.method = plainMethods.has(method) ? method : normalMethod(method)
    if (body !== null && (this.method === 'GET' || this.method === 'HEAD'))
      throw new TypeError(`A ${this.method} request cannot have a body.`)
    this.headers = headersFor(body, headers)
    this.given = signal ?? undefined
    this[content] = new LightBody(body)
  }

  get signal(): AbortSignal {
    return this.given ?? (this.#signal ??= new AbortController().signal)
  }

  clone(): Request {
    const { url, method, headers, given: signal } = this
    const body = this[content].branch()
    return body instanceof ReadableStream
      ? new Request(url, { method, headers, body, duplex: 'half', ...(signal === undefined ? {} : { signal }) })
      : lightRequest({ url, method, headers, body, signal })
  }
}

class LightResponse {
  readonly [content]: LightBody
  readonly status: number
  readonly statusText: string
  readonly headers: Headers

  constructor(body: KnownBody | JsonBody, { status = 200, statusText = '', headers }: LightResponseInit) {
    if (!(status >= 200 && status <= 599))
      throw new RangeError(`A response cannot have the status ${status}: 200 to 599.`)
    if (body !== null && (status === 204 || status === 205 || status === 304))
      throw new TypeError(`A response of status ${status} cannot have a body.`)
    this.status = status
    this.statusText = statusText
    this.headers = headersFor(body, headers)
    this[content] = new LightBody(body)
  }

  get ok(): boolean {
    return this.status <= 299
  }

  clone(): Response {
    const { status, statusText, headers } = this
    const body = this[content].branch()
    const init = { status, statusText, headers }
    return body instanceof ReadableStream ? new Response(body, init) : lightResponse(body, init)
  }
}

becomes(LightRequest, Request, {
  cache: 'default',
  credentials: 'same-origin',
  destination: '',
  duplex: 'half',
  integrity: '',
  isHistoryNavigation: false,
  isReloadNavigation: false,
  keepalive: false,
  mode: 'cors',
  redirect: 'follow',
  referrer: 'about:client',
  referrerPolicy: '',
})
becomes(LightResponse, Response, { redirected: false, type: 'default', url: '' })

/** Makes a class one of the platform's by its prototypes, without the platform's constructor. */
function becomes(
  light: { prototype: object },
  platform: { prototype: object },
  constants: Record<string, unknown>,
): void {
  const { constructor: _, ...reading } = Object.getOwnPropertyDescriptors(Reading.prototype)
  Object.setPrototypeOf(light.prototype, platform.prototype)
  Object.defineProperties(light.prototype, reading)
  for (const [name, value] of Object.entries(constants)) Object.defineProperty(light.prototype, name, { value })
  Reflect.deleteProperty(light.prototype, 'constructor')
}

function headersFor(body: KnownBody | JsonBody, init: HeadersInit | undefined): Headers {
  const headers = lightHeaders(init)
  const isText = typeof body === 'string' || body instanceof JsonBody
  if (isText && !headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8')
  return headers
}

const plainMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** As the Fetch standard normalises methods (section 2.2.1), which leaves `patch` as it is. */
function normalMethod(method: string): string {
  const upper = method.toUpperCase()
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method) || /^(?:CONNECT|TRACE|TRACK)$/.test(upper))
    throw new TypeError(`${JSON.stringify(method)} is not a method that a request can have.`)
  return plainMethods.has(upper) && upper !== 'PATCH' ? upper : method
}

function normalUrl(url: string): string {
  const known = hrefs.get(url)
  if (known !== undefined) return known
  const parsed = new URL(url)
  if (parsed.username !== '' || parsed.password !== '')
    throw new TypeError('The URL of a request cannot hold credentials.')
  const { href } = parsed
  if (hrefs.size >= 1_000) hrefs.clear()
  hrefs.set(url, href)
  return href
}

/** Addresses seen lately: a request is copied on its way from a client to a mock, and again for each attempt. */
const hrefs = new Map<string, string>()
