import { type Entry } from '../../core/journal.ts'
import { type History } from '../history.ts'

/** A request as the provider saw it, with its end. */
export interface Request {
  readonly seq: number
  readonly exchange: string
  readonly method: string
  readonly path: string
  /** Operation where known, else method and path. */
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly atMs: number
  readonly endedMs?: number
  readonly status?: number
  readonly answerHeaders?: Readonly<Record<string, string>>
  /** No answer left the provider. */
  readonly broken: boolean
  /** Kinds of the faults that struck it. */
  readonly faults: readonly string[]
  /** A fault struck this one or another of the same name that was under way with it. */
  readonly doubtful: boolean
}

/** The requests that reached the provider, in order, joined with their answers and faults. */
export function requestsOf({ entries }: Pick<History, 'entries'>): readonly Request[] {
  const requests = new Map<string, Mutable<Request>>()
  for (const entry of entries) {
    if (entry.kind === 'request' && entry.seen === 'mock') requests.set(entry.exchange, begun(entry))
    else if ((entry.kind === 'answer' || entry.kind === 'no-answer') && entry.seen === 'mock') {
      const request = requests.get(entry.exchange)
      if (request === undefined) continue
      request.endedMs = entry.atMs
      if (entry.kind === 'answer') {
        request.status = entry.status
        request.answerHeaders = entry.headers ?? {}
      } else request.broken = true
    } else if (entry.kind === 'fault') {
      // A fault names the operation that it strikes, and strikes what came last.
      const underWay = [...requests.values()].filter(({ name, endedMs }) => name === entry.on && endedMs === undefined)
      for (const request of underWay) request.doubtful = true
      const struck = underWay.at(-1)
      if (struck !== undefined) struck.faults = [...struck.faults, entry.fault]
    }
  }
  return [...requests.values()]
}

/**
 * Whether what the provider answered is its opinion of this request: no fault made it up, and it is not
 * the stored answer to an earlier one.
 */
export function isOwnAnswer({ status, doubtful, answerHeaders }: Request): boolean {
  return status !== undefined && !doubtful && answerHeaders?.['idempotent-replayed'] !== 'true'
}

/** The pause that an answer asked for: Retry-After in seconds or as a date (RFC 9110 section 10.2.3). */
export function askedWait({ status, answerHeaders, endedMs }: Request): number | undefined {
  const value = answerHeaders?.['retry-after']
  if (value === undefined || endedMs === undefined || status === undefined || status < 400) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - endedMs)
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

function begun(entry: Extract<Entry, { kind: 'request' }>): Mutable<Request> {
  const { seq, exchange, method, path, operation = `${method} ${path}`, headers = {}, atMs } = entry
  return { seq, exchange, method, path, name: operation, headers, atMs, broken: false, faults: [], doubtful: false }
}
