import { type Clock, systemClock } from './clock.ts'
import { lightListOf } from './light-headers.ts'

/** Where an exchange was seen: as the application asked, on the client's side of the wire, or at the mock. */
export type Seen = 'call' | 'wire' | 'mock' | 'receiver'

/** What happened, without time and place: the kinds of things that a journal holds. */
export type Happening =
  /** A request was sent (call, wire) or arrived (mock, receiver). `exchange` joins it to its end. */
  | {
      readonly kind: 'request'
      readonly seen: Seen
      readonly exchange: string
      readonly method: string
      /** Path without the query, whose values may be secret, and without what looks like a secret in the path itself. */
      readonly path: string
      /** The document's operation, `METHOD /template`, where known. */
      readonly operation?: string
      /** Headers on the allow-list only. */
      readonly headers?: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'answer'
      readonly seen: Seen
      readonly exchange: string
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** A few words for people, such as the id and status of the object answered. Never a body. */
      readonly summary?: string
    }
  /** No answer came, or it broke off: the effect of the request is unknown to the caller. */
  | { readonly kind: 'no-answer'; readonly seen: Seen; readonly exchange: string; readonly error: string }
  /** A fault of the plan struck this exchange or delivery. */
  | { readonly kind: 'fault'; readonly fault: string; readonly on: string; readonly index: number }
  /** The provider's state changed. */
  | {
      readonly kind: 'state'
      readonly object: string
      readonly id: string
      readonly change: string
      readonly exchange?: string
    }
  /** The provider made an event. */
  | { readonly kind: 'event'; readonly event: string; readonly type: string; readonly about?: string }
  /** A webhook delivery was sent; then how it ended. `genuine` is false for what an attacker sent. */
  | {
      readonly kind: 'delivery'
      readonly delivery: string
      readonly event: string
      readonly type: string
      readonly attempt: number
      readonly genuine: boolean
      readonly note?: string
    }
  | {
      readonly kind: 'delivered'
      readonly delivery: string
      readonly event: string
      readonly status?: number
      readonly error?: string
    }
  /** The provider stopped sending to an endpoint, or began again. */
  | {
      readonly kind: 'endpoint'
      readonly endpoint: string
      readonly change: 'disabled' | 'enabled'
      readonly reason?: string
    }
  /** The integration did something that matters, told by itself through its scenario environment. */
  | {
      readonly kind: 'effect'
      readonly effect: string
      readonly key: string
      readonly facts?: Readonly<Record<string, unknown>>
    }
  /** The scenario moved on: a workload step, heal, settle. `message` is what it failed with, without secrets. */
  | { readonly kind: 'step'; readonly step: string; readonly outcome?: string; readonly message?: string }
  | { readonly kind: 'note'; readonly note: string }

/** One happening with its place in time. */
export type Entry = Happening & {
  /** Counts from 1 within one journal. */
  readonly seq: number
  /** Milliseconds on the journal's clock. */
  readonly atMs: number
}

type Writable<Fields> = { -readonly [Field in keyof Fields]: Fields[Field] }

/** Everything recorded, in order. */
export interface Journal {
  /** Takes the object over and completes it with its place in time: make a new one for each happening. */
  record(happening: Happening): Entry
  entries(): readonly Entry[]
  /** Forgets everything and counts from 1 again. */
  clear(): void
  /** Calls `listener` for each entry from now on, until the returned function is called. */
  subscribe(listener: (entry: Entry) => void): () => void
}

export interface JournalOptions {
  /** @default the system's clock */
  readonly clock?: Clock
  /** The oldest entries are forgotten beyond this many. @default 100,000 */
  readonly maxEntries?: number
}

/** Makes an empty journal. */
export function createJournal(options: JournalOptions = {}): Journal {
  const { clock = systemClock, maxEntries = 100_000 } = options
  const listeners = new Set<(entry: Entry) => void>()
  let entries: Entry[] = []
  let seq = 0
  return {
    record(happening) {
      // A copy costs as much as all the rest. What was recorded before is an entry already, and has to stay one.
      const entry = ('seq' in happening ? { ...happening } : happening) as Writable<Entry>
      entry.seq = ++seq
      entry.atMs = clock.now()
      entries.push(entry)
      // Dropping a tenth at a time keeps recording cheap.
      if (entries.length > maxEntries) entries = entries.slice(Math.ceil(maxEntries / 10))
      if (listeners.size > 0) for (const listener of listeners) listener(entry)
      return entry
    },
    entries: () => entries,
    clear() {
      entries = []
      seq = 0
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** The journal as lines of JSON: two runs are the same when these bytes are. */
export function journalText(entries: readonly Entry[]): string {
  return entries.map(({ seq, atMs, ...happening }) => `${JSON.stringify({ seq, atMs, ...happening })}\n`).join('')
}

/**
 * Headers that a journal, a log or a report may show. Everything else is left out, so that a secret in
 * a header nobody thought of stays unseen.
 */
const shownHeaders = new Set([
  'content-type',
  'content-length',
  'retry-after',
  'request-id',
  'x-request-id',
  'idempotency-key',
  'idempotent-replayed',
  'x-correlation-id',
  'stripe-version',
  'stripe-should-retry',
  'ratelimit',
  'ratelimit-policy',
])

const nothing: Readonly<Record<string, string>> = Object.freeze({})

/** The headers of a message that may be shown. */
export function shown(headers: Headers): Readonly<Record<string, string>> {
  let record: Record<string, string> | undefined
  // Walking through what is there costs a fraction of asking for each name that might be.
  const light = lightListOf(headers)
  if (light === undefined) {
    for (const [name, value] of headers) if (shownHeaders.has(name)) (record ??= {})[name] = value
  } else {
    for (let at = 0; at < light.length; at += 2) {
      const name = light[at] as string
      if (shownHeaders.has(name)) (record ??= {})[name] = light[at + 1] as string
    }
  }
  return record ?? nothing
}
