import { type Place } from '../providers/handshake.ts'
import { parseJson, valueAt } from './parsed-body.ts'

/** A request as it arrived: by a provider, or by anybody. */
export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array
}

/**
 * Makes the function that reads the value at a place: `undefined` where there is none, or more than one. It
 * parses what it must, once, and no body over the limit: handshakes are small.
 */
export function placeReader({ url, headers, body }: ReceivedRequest): (place: Place) => unknown {
  const query = once(() => (URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams()))
  const form = once(() => (isForm(headers) && isSmall(body) ? new URLSearchParams(decoder.decode(body)) : none))
  const json = once(() => (isSmall(body) ? parseJson(body) : undefined))
  return (place) => {
    if (place.startsWith('/')) return valueAt(json(), place)
    const [, where, name = ''] = /^(header|query|form):(.*)$/.exec(place) ?? []
    if (where === 'header') return headers.get(name) ?? undefined
    return where === undefined ? undefined : only((where === 'query' ? query() : form()).getAll(name))
  }
}

const decoder = new TextDecoder()
const none = new URLSearchParams()
const maxBytes = 2 ** 14

function isSmall(body: Uint8Array): boolean {
  return body.byteLength <= maxBytes
}

function isForm(headers: Headers): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers.get('content-type') ?? '')
}

function only(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
