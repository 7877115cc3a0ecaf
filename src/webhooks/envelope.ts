import { type Scheme } from '../providers/scheme.ts'
import { valueAt } from './parsed-body.ts'

/** What a delivery says about the event that it brings. */
export interface Envelope {
  readonly id: string
  readonly type: string
  readonly occurredAtMs?: number
}

/** Longer than any id that a provider makes. */
const maxIdLength = 512

/** Reads the envelope where the scheme says; `undefined` when the event has no id or no type there. */
export function readEnvelope({ event }: Scheme, headers: Headers, data: unknown): Envelope | undefined {
  const read = (place: string | undefined): unknown => {
    if (place === undefined) return undefined
    return place.startsWith('header:') ? headers.get(place.slice('header:'.length)) : valueAt(data, place)
  }
  const id = textOf(read(event.id))
  const type = textOf(read(event.type))
  if (id === undefined || type === undefined) return undefined
  const occurredAtMs = timeOf(read(event.time))
  return occurredAtMs === undefined ? { id, type } : { id, type, occurredAtMs }
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' && text.length <= maxIdLength ? text : undefined
}

/** Before this many milliseconds since 1970 there were no webhooks: smaller numbers are seconds. */
const firstMs = 1e11
/** The last moment that a date can hold. */
const lastMs = 8.64e15

/** Whole milliseconds. What no date can hold is no time: a store that took it would fail each time that it is read. */
function timeOf(value: unknown): number | undefined {
  const told = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
  const atMs = Math.floor(typeof value === 'number' && Math.abs(told) < firstMs ? told * 1000 : told)
  return Math.abs(atMs) <= lastMs ? atMs : undefined
}
