import { GoodfenceError } from '../core/errors.ts'
import { type Random } from '../core/random.ts'
import { type Condition, type Handshake, type Place } from '../providers/handshake.ts'
import { type Scheme } from '../providers/scheme.ts'
import { whole } from './handshakes/handshake-kind.ts'
import { type ReceivedRequest } from './place-reader.ts'

export interface HandshakeRequestOptions {
  /** The receiver's address. */
  readonly url: string
  readonly random: Random
  /** What provider and receiver both know, such as `verify_token`. */
  readonly config?: Readonly<Record<string, string>>
  /** Where a visit confirms that deliveries are wanted. */
  readonly visitUrl?: string
  /** Further members of the JSON body, which the handshake does not turn on. */
  readonly members?: Readonly<Record<string, unknown>>
}

/**
 * The provider's half: the request with which it opens a handshake, with a challenge drawn afresh. One that is
 * `signed` must still be signed, as a delivery is.
 *
 * Throws `usage` when a setting or an address that the handshake carries is not given.
 */
export function handshakeRequest(
  scheme: Scheme,
  handshake: Handshake,
  { url, random, config = {}, visitUrl, members = {} }: HandshakeRequestOptions,
): ReceivedRequest {
  const values = new Map<Place, unknown>()
  for (const condition of handshake.request.when) values.set(condition.at, valueFor(condition, random))
  if ('challenge' in handshake) values.set(handshake.challenge.at, draw(random))
  if (handshake.expects !== undefined) values.set(handshake.expects.at, given(config, handshake.expects.config))
  if (handshake.kind === 'visit') values.set(handshake.urlAt, given({ visitUrl }, 'visitUrl'))

  const address = new URL(url)
  const form = new URLSearchParams()
  const headers = new Headers()
  const root: { json?: unknown } = Object.keys(members).length > 0 ? { json: { ...members } } : {}
  for (const [place, value] of values) {
    if (value === undefined) continue
    const [, where, name = ''] = /^(header|query|form):(.*)$/.exec(place) ?? []
    if (where === undefined) put(root, ['json', ...place.split('/').slice(1)], value)
    else if (where === 'header') headers.set(name, textOf(value))
    else (where === 'query' ? address.searchParams : form).append(name, textOf(value))
  }
  const { method } = handshake.request
  const text = root.json === undefined ? form.toString() : JSON.stringify(root.json)
  if (text !== '') {
    headers.set(
      'content-type',
      root.json === undefined ? 'application/x-www-form-urlencoded' : scheme.request.contentType,
    )
  }
  return { method, url: address.href, headers, body: new TextEncoder().encode(text) }
}

function valueFor(condition: Condition, random: Random): unknown {
  if ('holds' in condition) return condition.holds === 'nothing' ? undefined : []
  if (!('matches' in condition)) return condition.is ?? draw(random)
  return whole(condition.matches).test(digit) ? digit : draw(random)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const digit = '7'

/** 32 digits of base 16: what every provider takes for one of its challenges. */
function draw(random: Random): string {
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
}

function given(values: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = values[name]
  if (value !== undefined) return value
  throw new GoodfenceError('usage', `The handshake carries "${name}", which was not given.`, { mend: `give "${name}"` })
}

/** Puts a value into nested objects and lists, which it makes on its way. */
function put(into: object, [name = '', ...rest]: readonly string[], value: unknown): void {
  const object = into as Record<string, unknown>
  if (rest.length === 0) return void (object[name] = value)
  object[name] ??= /^\d+$/.test(rest[0] ?? '') ? [] : {}
  put(object[name] as object, rest, value)
}
