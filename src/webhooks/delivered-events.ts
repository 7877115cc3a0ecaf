import { type Scheme } from '../providers/scheme.ts'
import { type Envelope, isKeepable, readEnvelope } from './envelope.ts'
import { keepableName } from './keepable-name.ts'
import { eventFactsAt, type EventList, eventListOf, readableFacts } from './event-places.ts'
import { type NewEvent, type Place } from './inbox.ts'
import { jsonItems } from './json-items.ts'
import { placer } from './orders/order-table.ts'
import { keepParsed, parseJson, valueAt } from './parsed-body.ts'
import { type SourceOptions } from './receiver-options.ts'
import { weakId } from './weak-id.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A genuine delivery. */
export interface Arrived {
  readonly request: Request
  readonly body: Bytes
  /** Of the address; empty where it names none. */
  readonly account: string
  readonly nowMs: number
}

/** Says which events a genuine delivery brings. */
export type ReadEvents = (arrived: Arrived) => readonly NewEvent[]

/**
 * Makes the function that says which events a genuine delivery brings: one, or as many as stand in the list that the
 * facts name, each with its own bytes. What cannot be read is kept for people to look at.
 */
export function eventReader(options: SourceOptions): ReadEvents {
  const { provider, subscription = '', accountAt = '/account', lane, order } = options
  const placeInOrder = placer(order, provider)
  const { scheme } = provider.webhooks
  const { id: idPlace, type: typePlace, thin = false } = scheme.event
  const list = eventListOf(scheme.event)
  const readable = readableFacts(scheme.event)
  const single: Scheme = { ...scheme, event: eventFactsAt(readable, 0) }
  const listed: Scheme[] = []

  function eventOf(envelope: Envelope | undefined, bytes: Bytes, data: unknown, { account }: Arrived): NewEvent {
    const scope = { provider: provider.name, subscription, body: bytes }
    const named = account === '' ? valueAt(data, accountAt) : account
    const isStrange = typeof named === 'string' && !isKeepable(named, maxAccountLength)
    if (envelope === undefined || isStrange)
      return {
        ...scope,
        account: isStrange ? '' : account,
        eventId: weakId(bytes),
        type: 'unreadable',
        quarantined: true,
      }
    const { id: eventId, type, occurredAtMs } = envelope
    if (data !== undefined) keepParsed(bytes, data)
    const event: NewEvent = {
      ...scope,
      account: typeof named === 'string' ? named : '',
      eventId,
      type,
      ...(occurredAtMs === undefined ? {} : { occurredAtMs }),
    }
    const asked = lane?.({ id: eventId, type, account: event.account, data })
    return { ...event, ...(asked === undefined ? placeInOrder({ ...event, id: eventId, data }) : placeOf(asked)) }
  }

  /** Where the provider sends no id it is made of the whole delivery, so that what is sent again is known again. */
  function envelopeOf(at: Scheme, arrived: Arrived, data: unknown, mark = ''): Envelope | undefined {
    const { request, body, nowMs } = arrived
    const weak = idPlace === undefined ? weakId(body) + mark + (thin ? `@${nowMs}` : '') : undefined
    if (weak !== undefined && typePlace === undefined) return { id: weak, type: unnamed }
    const read = readEnvelope(at, request.headers, data, { body, url: request.url })
    if (read === undefined || (weak === undefined && typePlace !== undefined)) return read
    return { ...read, ...(weak === undefined ? { type: unnamed } : { id: weak }) }
  }

  return (arrived) => {
    const { request, body } = arrived
    const data = parseJson(body)
    const items = list === undefined ? undefined : itemsOf(list, body, data)
    if (items === undefined) {
      const isBroken = data === undefined && saysJson(request, scheme.request.contentType)
      return [eventOf(isBroken ? undefined : envelopeOf(single, arrived, data), body, data, arrived)]
    }
    return items.map((item, at) => {
      const own = (listed[at] ??= { ...scheme, event: eventFactsAt(readable, at) })
      return eventOf(envelopeOf(own, arrived, data, `/${at}`), item, parseJson(item), arrived)
    })
  }
}

/** Longer than any provider's; with an id it must fit into one entry of a database's index. */
const maxAccountLength = 255

/** The type of events whose provider names none. */
const unnamed = 'delivery'

function itemsOf({ pointer, field }: EventList, body: Bytes, data: unknown): Bytes[] | undefined {
  if (field === undefined) return data === undefined ? undefined : jsonItems(body, pointer)
  const text = new URLSearchParams(Buffer.from(body).toString()).get(field) ?? ''
  const json = new TextEncoder().encode(text)
  return parseJson(json) === undefined ? undefined : jsonItems(json, pointer)
}

function placeOf(place: string | Place): Place {
  const { lane, marker, after, ...rest }: Place = typeof place === 'string' ? { lane: place } : place
  return {
    ...rest,
    ...(lane === undefined ? {} : { lane: keepableName(lane) }),
    ...(marker === undefined ? {} : { marker: keepableName(marker) }),
    ...(after === undefined ? {} : { after: { ...after, marker: keepableName(after.marker) } }),
  }
}

/** Whether a body that is no JSON is broken. */
function saysJson(request: Request, usual: string): boolean {
  return /\bjson\b/i.test(request.headers.get('content-type') ?? usual)
}
