import { type Scheme } from '../providers/scheme.ts'
import { Arrived } from './arrived.ts'
import { xmlText } from './event-xml.ts'
import { formFields } from './form-fields.ts'
import { parseToken } from './json-web-token.ts'
import { parseJson, valueAt } from './parsed-body.ts'

/** What a delivery says about the event that it brings. */
export interface Envelope {
  readonly id: string
  readonly type: string
  readonly occurredAtMs?: number
}

/** The rest of a delivery, for schemes whose events stand elsewhere than in headers and JSON. */
export interface EnvelopeParts {
  readonly body: Uint8Array
  /** As it was called. */
  readonly url?: string
}

/** Longer than any id that a provider makes. */
const maxIdLength = 512

/**
 * Reads the envelope where the scheme says; `undefined` when the event has no id or no type there. What is read from a
 * token is believed as it stands: the delivery must have been verified.
 */
export function readEnvelope(
  scheme: Scheme,
  headers: Headers,
  data: unknown,
  parts?: EnvelopeParts,
): Envelope | undefined {
  const { event } = scheme
  const arrived = new Arrived(scheme, headers, parts?.body ?? new Uint8Array(0), { url: parts?.url })
  const once = (place: string) => (isJoined(place, arrived) ? undefined : valueOf(place, scheme, arrived, data))
  const id = joined(event.id, once)
  const type = joined(event.type, once)
  if (id === undefined || type === undefined) return undefined
  const occurredAtMs = event.time === undefined ? undefined : timeOf(valueOf(event.time, scheme, arrived, data))
  return occurredAtMs === undefined ? { id, type } : { id, type, occurredAtMs }
}

/** The value at a place; several places make one value, with a dot between them. */
function joined(places: string | undefined, read: (place: string) => unknown): string | undefined {
  if (places === undefined || !places.includes(' + ')) return textOf(places === undefined ? undefined : read(places))
  const texts = places.split(' + ').map((place) => textOf(read(place)))
  return textOf(texts.filter((text) => text !== undefined).join('.'))
}

/** Whether a header came several times, so that nobody knows which one is meant. One that was empty leaves a comma. */
function isJoined(place: string, arrived: Arrived): boolean {
  return place.startsWith('header:') && /, |^,|,$/.test(arrived.anyHeader(place.slice('header:'.length)) ?? '')
}

function valueOf(place: string, scheme: Scheme, arrived: Arrived, data: unknown): unknown {
  if (place.startsWith('/')) return valueAt(data ?? arrived.json(), place)
  const at = place.indexOf(':')
  const name = place.slice(at + 1)
  switch (place.slice(0, at)) {
    case 'header':
      return arrived.anyHeader(name)
    case 'query':
      return arrived.single(arrived.query(), name)
    case 'form':
      return arrived.single(arrived.params(), name)
    case 'form-json':
      return inField(name, arrived)
    case 'jwt':
      return valueAt(claimsOf(scheme, arrived), name)
    case 'xml':
      return xmlText(xmlOf(scheme, arrived), name)
    default:
      return undefined
  }
}

/** A pointer into the JSON of a form's field: `field:/pointer`. */
function inField(place: string, arrived: Arrived): unknown {
  const at = place.indexOf(':')
  const json = arrived.single(arrived.form(), place.slice(0, at))
  return json === undefined ? undefined : valueAt(parseJson(Buffer.from(json)), place.slice(at + 1))
}

function claimsOf({ signature }: Scheme, arrived: Arrived): unknown {
  const text = signature.carrier === undefined ? undefined : arrived.carried(signature.carrier)
  return text === undefined ? undefined : parseToken(text.slice(signature.prefix?.length ?? 0))?.claims
}

/** The body, or what a field of it holds in base64. */
function xmlOf({ contentPattern }: Scheme, arrived: Arrived): string {
  const bytes = Buffer.from(arrived.body)
  const field = contentPattern && formFields(bytes)?.find(([name]) => name === contentPattern.field)
  return field === undefined ? bytes.toString() : Buffer.from(field[1], 'base64').toString()
}

/** Text that every store can keep and tell from any other: of long numbers the last digits are lost already. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : value
  return typeof text === 'string' && text !== '' && isKeepable(text, maxIdLength) ? text : undefined
}

/** Whether every store keeps a text as it is: PostgreSQL knows no NUL, and UTF-8 no half characters. */
export function isKeepable(text: string, maxLength: number): boolean {
  return text.length <= maxLength && !text.includes('\0') && text.isWellFormed()
}

/** Before this many milliseconds since 1970 there were no webhooks: smaller numbers are seconds. */
const firstMs = 1e11
/** The last moment that a date can hold. */
const lastMs = 8.64e15

/** Whole milliseconds. What no date can hold is no time: a store that took it would fail each time that it is read. */
function timeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{9,13}(\.\d+)?$/.test(value) ? Number(value) : value
  const told = typeof number === 'string' ? Date.parse(number) : typeof number === 'number' ? number : Number.NaN
  const atMs = Math.floor(typeof number === 'number' && Math.abs(told) < firstMs ? told * 1000 : told)
  return Math.abs(atMs) <= lastMs ? atMs : undefined
}
