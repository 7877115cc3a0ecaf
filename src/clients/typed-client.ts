import createTypedClient, {
  type Client,
  type Middleware,
  createQuerySerializer,
  defaultBodySerializer,
} from 'openapi-fetch'
import { lightRequest } from '../core/light.ts'
import { type Service } from '../core/service.ts'
import { formBody } from './form.ts'
import { isPlain, plainCaller, type Result } from './plain-call.ts'

export interface TypedClientOptions {
  /** Where the document's paths begin. */
  readonly baseUrl: string
  /** Set on every request that does not set them itself. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** How bodies and queries are written; `form` nests with brackets. @default 'json' */
  readonly encoding?: 'json' | 'form' | undefined
}

/** Typed calls, and the service behind them for what has no type. */
export type TypedClient<Paths extends object> = Client<Paths> & { readonly service: Service }

/**
 * Calls a service by the paths of a document, with the types that `goodfence generate` made of it.
 *
 * A call that asks for nothing but its parameters, headers and body is carried out here, in a light request; one that asks
 * for more (a middleware, another serializer, an option of `fetch`) goes through openapi-fetch. Both say the same.
 *
 * An answer of the provider is never thrown: it is in `data` or in `error`. What is thrown is that no answer came.
 *
 * @example
 * const orders = typedClient<paths>(createClient(), { baseUrl: 'https://api.example.com' })
 * const { data, error } = await orders.GET('/orders/{id}', { params: { path: { id: '7' } } })
 */
export function typedClient<Paths extends object>(service: Service, options: TypedClientOptions): TypedClient<Paths> {
  const { baseUrl, headers = {}, encoding = 'json' } = options
  const written = {
    baseUrl,
    headers: encoding === 'form' ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
    bodySerializer: encoding === 'form' ? (body: unknown) => formBody(body as object) : defaultBodySerializer,
    querySerializer: encoding === 'form' ? formBody : jsonQuery,
  }
  const plain = plainCaller(service, written)
  let full: Client<object> | undefined
  let extended = false
  const whole = (): Client<object> =>
    (full ??= createTypedClient<object>({
      ...written,
      fetch: (request) => service(request),
      Request: TypedRequest as unknown as typeof Request,
    }))

  function call(method: Method) {
    return (path: string, init: object = {}) =>
      isPlain(init) && !extended ? plain(method, path, init) : (whole()[method] as Call)(path, init)
  }
  const calls = Object.fromEntries(methods.map((method) => [method, call(method)])) as Record<Method, Call>
  return {
    ...calls,
    request: (method: string, path: string, init?: object) => calls[method.toUpperCase() as Method](path, init),
    use(...middleware: Middleware[]) {
      extended = true
      whole().use(...middleware)
    },
    eject: (...middleware: Middleware[]) => whole().eject(...middleware),
    service,
  } as unknown as TypedClient<Paths>
}

const methods = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'] as const
type Method = (typeof methods)[number]
type Call = (path: string, init?: object) => Promise<Result>

const jsonQuery = createQuerySerializer()

/** Makes a light request where nothing asks for more; one without a body names no content type. To be called with `new`. */
function TypedRequest(url: string, init: RequestInit & { headers: Headers }): Request {
  const { method, headers, body = null, signal, redirect, cache, credentials, mode, keepalive, integrity } = init
  if (body === null) headers.delete('content-type')
  const plain = [cache, credentials, mode, keepalive, integrity].every((member) => member === undefined)
  return plain && redirect === 'follow' && (body === null || typeof body === 'string')
    ? lightRequest({ url, method, headers, body, signal })
    : new Request(url, init)
}
