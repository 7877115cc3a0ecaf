import { type Random, randomUuid } from '../core/random.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type WebhookExample } from '../providers/webhook-example.ts'
import { writeMultipartField } from './multipart-field.ts'
import { otherId } from './other-id.ts'
import { pointerSteps, valueAt } from './parsed-body.ts'
import { type EventMessage, placesToWrite, writeEvent } from './write-event.ts'

/** An event ready to be sent, but for its signature. */
export interface ExampleEvent extends EventMessage {
  readonly id: string
  readonly type: string
}

export interface ExampleEventOptions {
  readonly url: string
  readonly atMs: number
  readonly random: Random
  /** @default an id of the shape that the example has */
  readonly id?: string | undefined
}

/**
 * Makes an event of an example, with an id and times of its own, and with all headers and parameters that the scheme
 * asks for.
 */
export function exampleEvent(scheme: Scheme, example: WebhookExample, options: ExampleEventOptions): ExampleEvent {
  const { atMs, random, url } = options
  const { headers: typed, body } = bodyOf(scheme, example)
  const id = options.id ?? newId(shownId(scheme, example), random)
  const plain = { headers: { ...typed, ...headersOf(example, random) }, body, url }
  const places = placesToWrite(scheme)
  const composite = places.type?.includes(' + ') === true
  const type = composite ? undefined : example.type
  const written = writeEvent(places, plain, { id, type, atMs })
  return { ...completed(scheme, written, id), id, type: example.type }
}

/**
 * Makes an event of bytes that are sent as they stand. Only what the provider says outside of the body is added: the
 * type, and an id. Inside of it an id is written when one is asked for.
 */
export function payloadEvent(
  scheme: Scheme,
  { type, body }: { readonly type: string; readonly body: Uint8Array<ArrayBuffer> },
  { atMs, random, url, id }: ExampleEventOptions,
): ExampleEvent {
  const places = placesToWrite(scheme)
  const outside = Object.fromEntries(
    Object.entries(places).filter(([, place]) => /^(header|query):/.test(String(place))),
  )
  const own = id ?? randomUuid(random)
  const written = writeEvent(outside, { headers: {}, body, url }, { id: own, type, atMs })
  const named = id === undefined ? written : writeEvent(places, written, { id })
  return { ...completed(scheme, named, own), id: own, type }
}

/** An example of a scheme that none was written for: what its facts name, and nothing else. */
export function plainExample(scheme: Scheme, type: string): WebhookExample {
  const { contentType } = scheme.request
  if (contentType.includes('x-www-form-urlencoded')) return { type, form: { kind: 'example', amount: '2400' } }
  const { event, items, timestamp } = { ...scheme, event: placesToWrite(scheme) }
  const json: Record<string, unknown> = { example: { amount: 2400, currency: 'EUR' } }
  const pointers = [event.id, event.type, event.time].flatMap((place) => place?.split(' + ') ?? [])
  if (items !== undefined) pointers.push(`${items}/kind`)
  if (timestamp?.carrier.in === 'json') pointers.push(timestamp.carrier.name)
  return { type, json: pointers.filter((each) => each.startsWith('/')).reduce(withPlace, json) }
}

function withPlace(json: unknown, pointer: string): unknown {
  return placed(json, pointerSteps(pointer))
}

/** The value with something at the steps; `*` stands for the one element of a list. */
function placed(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value ?? 'example'
  if (step === '*') return [placed(Array.isArray(value) ? value[0] : undefined, rest)]
  const object = typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  return { ...object, [step]: placed(object[step], rest) }
}

function bodyOf(scheme: Scheme, example: WebhookExample): Pick<EventMessage, 'headers' | 'body'> {
  if ('text' in example) return { headers: {}, body: encode(example.text) }
  if ('form' in example) {
    const isForm = scheme.request.contentType.includes('x-www-form-urlencoded')
    const headers = isForm ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    return { headers, body: encode(new URLSearchParams(example.form).toString()) }
  }
  const json = encode(JSON.stringify(example.json))
  const { carrier } = scheme.signature
  if (carrier?.in !== 'multipart-json') return { headers: {}, body: json }
  const { contentType, body } = writeMultipartField(carrier.field ?? '', json)
  return { headers: { 'content-type': contentType }, body: Uint8Array.from(body) }
}

/** Its headers, of which some hold an id of the delivery. */
function headersOf({ headers = {}, idHeaders = [] }: WebhookExample, random: Random): EventMessage['headers'] {
  const entries = Object.entries(headers)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, idHeaders.includes(name) ? otherId(value, random) : value]),
  )
}

/** An id of the shape of the one that the example has; a UUID where it shows none. */
function newId(shown: unknown, random: Random): string {
  return typeof shown === 'string' || typeof shown === 'number' ? otherId(String(shown), random) : randomUuid(random)
}

/** With what the scheme signs or demands and the event has not: headers and parameters. */
function completed(scheme: Scheme, { headers, body, url }: EventMessage, id: string): EventMessage {
  const { requiredHeaders = [], deliveryId } = scheme
  const has = (name: string) => Object.keys(headers).some((other) => other.toLowerCase() === name.toLowerCase())
  const byItself = new Set([scheme.signature.carrier?.name, scheme.timestamp?.carrier.name])
  const names = [...namedIn(scheme, 'header'), ...requiredHeaders]
  if (deliveryId?.in === 'header') names.push(deliveryId.name)
  const missing = names.filter((name) => !byItself.has(name) && !has(name)).map((name) => [name, id] as const)
  const address = new URL(url)
  for (const name of namedIn(scheme, 'query')) if (!address.searchParams.has(name)) address.searchParams.set(name, id)
  const unchanged = address.searchParams.size === new URL(url).searchParams.size
  return { headers: { ...headers, ...Object.fromEntries(missing) }, body, url: unchanged ? url : address.href }
}

function namedIn({ signedContent }: Scheme, placeholder: 'header' | 'query'): string[] {
  const pattern = new RegExp(String.raw`\{${placeholder}:([^}]+)\}`, 'g')
  return [...(signedContent ?? '').matchAll(pattern)].map((found) => found[1] as string)
}

/** The id that stands in the JSON of an example. */
function shownId(scheme: Scheme, example: WebhookExample): unknown {
  const place = placesToWrite(scheme).id?.split(' + ')[0] ?? ''
  return 'json' in example && place.startsWith('/') ? valueAt(example.json, place.replaceAll('*', '0')) : undefined
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
