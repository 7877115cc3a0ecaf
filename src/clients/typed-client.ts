import createTypedClient, { type Client } from 'openapi-fetch'
import { lightRequest } from '../core/light.ts'
import { type Service } from '../core/service.ts'
import { formBody } from './form.ts'

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
 * An answer of the provider is never thrown: it is in `data` or in `error`. What is thrown is that no answer came.
 *
 * @example
 * const orders = typedClient<paths>(createClient(), { baseUrl: 'https://api.example.com' })
 * const { data, error } = await orders.GET('/orders/{id}', { params: { path: { id: '7' } } })
 */
export function typedClient<Paths extends object>(service: Service, options: TypedClientOptions): TypedClient<Paths> {
  const { baseUrl, headers = {}, encoding = 'json' } = options
  const form = encoding === 'form'
  const client = createTypedClient<Paths>({
    baseUrl,
    headers: form ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
    fetch: (request) => service(request),
    Request: TypedRequest as unknown as typeof Request,
    ...(form && { bodySerializer: (body: unknown) => formBody(body as object), querySerializer: formBody }),
  })
  return Object.assign(client, { service })
}

/** Makes a light request where nothing asks for more; one without a body names no content type. To be called with `new`. */
function TypedRequest(url: string, init: RequestInit & { headers: Headers }): Request {
  const { method, headers, body = null, signal, redirect, cache, credentials, mode, keepalive, integrity } = init
  if (body === null) headers.delete('content-type')
  const plain = [cache, credentials, mode, keepalive, integrity].every((member) => member === undefined)
  return plain && redirect === 'follow' && (body === null || typeof body === 'string')
    ? lightRequest({ url, method, headers, body, signal })
    : new Request(url, init)
}
