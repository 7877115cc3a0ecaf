import { type EventFacts } from '../providers/event-facts.ts'
import { type Scheme } from '../providers/scheme.ts'
import { formFields } from './form-fields.ts'
import { multipartField, writeMultipartField } from './multipart-field.ts'
import { parseJson, pointerSteps } from './parsed-body.ts'

/** What a delivery is made of before it is signed. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
  readonly url: string
}

/** What is to stand in a message; what is left out stays as it is. */
export interface EventValues {
  readonly id?: string | undefined
  readonly type?: string | undefined
  readonly atMs?: number | undefined
  readonly version?: string | undefined
}

/**
 * The message with other values where its provider's facts say that they stand: what `readEnvelope` reads. A place that
 * this message does not have, such as a member of a body that is no JSON, stays away.
 */
export function writeEvent(facts: EventFacts, message: EventMessage, values: EventValues): EventMessage {
  const { id, type, atMs, version } = values
  let written = message
  if (id !== undefined) written = writeAt(written, facts.id, (old, index) => idLike(old, id, index))
  if (type !== undefined) written = writeAt(written, facts.type, () => type)
  if (atMs !== undefined) written = writeAt(written, facts.time, (old) => timeLike(old, atMs))
  if (version !== undefined) written = writeAt(written, facts.version, () => version)
  return written
}

/** Where the values of a scheme's events stand before it signs: what a token will hold is the body until then. */
export function placesToWrite({ event, bodyForm }: Scheme): EventFacts {
  if (bodyForm !== 'jws-payload') return event
  const plain = Object.entries(event).map(([name, place]) => [name, String(place).replaceAll('jwt:/', '/')])
  return Object.fromEntries(plain) as EventFacts
}

/** Makes the value at a place of the value that stands there, and of its place among several. */
type Make = (old: unknown, index: number) => unknown

/** Of a place that has several parts the first is written: the others say more about the same event. */
function writeAt(message: EventMessage, places: string | undefined, make: Make): EventMessage {
  const place = places?.split(' + ')[0]
  if (place === undefined) return message
  if (place.startsWith('/')) return withJson(message, (data) => setAt(data, pointerSteps(place), make))
  const [, where = '', name = '', pointer = ''] =
    /^(header|query|form|form-json|xml):([^:]+)(?::(.*))?$/.exec(place) ?? []
  switch (where) {
    case 'header':
      return { ...message, headers: withHeader(message.headers, name, String(make(message.headers[name], 0))) }
    case 'query':
      return { ...message, url: withQuery(message.url, name, make) }
    case 'form':
      return withField(message, name, (old) => String(make(old, 0)))
    case 'form-json':
      return withField(message, name, (old) => {
        const data: unknown = parseJson(new TextEncoder().encode(old))
        return data === undefined ? old : JSON.stringify(setAt(data, pointerSteps(pointer), make))
      })
    case 'xml':
      return { ...message, body: encode(withXml(decode(message.body), place.slice('xml:'.length), make)) }
    default:
      return message
  }
}

function withHeader(headers: EventMessage['headers'], name: string, value: string): Record<string, string> {
  const others = Object.entries(headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase())
  return { ...Object.fromEntries(others), [name]: value }
}

function withQuery(url: string, name: string, make: Make): string {
  const changed = new URL(url)
  changed.searchParams.set(name, String(make(changed.searchParams.get(name) ?? undefined, 0)))
  return changed.href
}

function withField(message: EventMessage, name: string, make: (old: string) => string): EventMessage {
  const fields = formFields(message.body) ?? []
  const old = fields.find(([other]) => other === name)?.[1]
  const others = fields.map(([other, value]): [string, string] => [other, other === name ? make(value) : value])
  const all = old === undefined ? [...others, [name, make('')]] : others
  return { ...message, body: encode(new URLSearchParams(all as [string, string][]).toString()) }
}

/** Changes what the JSON of the body means, or that of its only field where the body has several parts. */
function withJson(message: EventMessage, change: (data: unknown) => unknown): EventMessage {
  const data = parseJson(message.body)
  if (data !== undefined) return { ...message, body: encode(JSON.stringify(change(data))) }
  const contentType = Object.entries(message.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const field = multipartField(message.body, contentType, 'json')
  const inner = field === undefined ? undefined : parseJson(field)
  if (inner === undefined) return message
  const { contentType: again, body } = writeMultipartField('json', encode(JSON.stringify(change(inner))))
  return { headers: withHeader(message.headers, 'content-type', again), body: Uint8Array.from(body), url: message.url }
}

/** A copy in which the value at the steps is another one; objects that are missing are made, elements of lists are not. */
function setAt(data: unknown, steps: readonly string[], make: Make, index = 0): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return make(data, index)
  if (Array.isArray(data)) {
    if (step === '*') return data.map((item, at) => setAt(item, rest, make, at))
    return data.map((item, at) => (String(at) === step ? setAt(item, rest, make, index) : item))
  }
  if (step === '*' || (typeof data !== 'object' && data !== undefined) || data === null) return data
  const object: Readonly<Record<string, unknown>> = { ...data }
  return { ...object, [step]: setAt(object[step], rest, make, index) }
}

/** Writes into the first element, or attribute, of that name. */
function withXml(xml: string, path: string, make: Make): string {
  const names = path.split('/').filter((name) => name !== '')
  const last = names.at(-1) ?? ''
  const element = (name: string) => String.raw`<(?:[\w-]+:)?${name}(?=[\s>/])`
  const found = last.startsWith('@')
    ? new RegExp(String.raw`(${element(names.at(-2) ?? '')}[^>]*\s(?:[\w-]+:)?${last.slice(1)}=")([^"]*)`)
    : new RegExp(String.raw`(${element(last)}[^>]*>)([^<]*)`)
  return xml.replace(found, (_all, before: string, old: string) => before + escapeXml(String(make(old, 0))))
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** Of a list of events each gets an id of its own; an id that is a number stays one. */
function idLike(old: unknown, id: string, index: number): unknown {
  if (typeof old === 'number' && /^\d{1,15}$/.test(id)) return Number(id) + index
  return index === 0 ? id : `${id}-${index + 1}`
}

/** A time in the form of the one that it replaces: seconds or milliseconds, a number or text, or a date. */
function timeLike(old: unknown, atMs: number): unknown {
  const digits = typeof old === 'number' || (typeof old === 'string' && /^\d+(\.\d+)?$/.test(old))
  if (!digits) return new Date(atMs).toISOString()
  const value = Number(old) < 1e11 ? Math.floor(atMs / 1_000) : atMs
  return typeof old === 'number' ? value : String(value)
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
