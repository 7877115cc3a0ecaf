import { type Match } from '../openapi/model.ts'

/** What a request brought, read by its document: parameters and body, coerced by their schemas. */
export interface Input {
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** What the layers of one mock know about the exchange they are in. */
export interface Exchange {
  /** Its name in the journal. */
  readonly id: string
  /** The name the provider gives it on the wire. */
  readonly requestId: string
  readonly method: string
  /** Scheme and host, as the caller wrote them. */
  readonly origin: string
  readonly path: string
  /** What follows the question mark. */
  readonly query: string
  /** As the caller sent them. */
  readonly headers: Headers
  /** The operation asked for; none where the document knows no such path and method. */
  readonly match: Match | undefined
  /** Whose account the request acts for; keys and counters are kept apart by it. */
  readonly tenant: string
  /** The key under which the answer is remembered, where one was sent and the provider takes one. */
  idempotencyKey: string | undefined
  /** Set by request validation. */
  input: Input
  /** A few words about the answer, for the journal. */
  summary: string | undefined
  /** The request made events, so early deliveries may be due before the answer. */
  eventful: boolean
}

// A property of its own rather than a WeakMap, whose entries cost a microsecond and the collector more.
const exchangeKey = Symbol('exchange')
type Entered = Request & { [exchangeKey]?: Exchange }

/** Tells the layers further in which exchange a request belongs to. */
export function beginExchange(request: Request, exchange: Exchange): void {
  ;(request as Entered)[exchangeKey] = exchange
}

/** The exchange that a request inside a mock belongs to. */
export function exchangeOf(request: Request): Exchange {
  const exchange = (request as Entered)[exchangeKey]
  if (exchange === undefined) throw new TypeError('This request did not come in through a mock.')
  return exchange
}

/** What stands for the input until it is read. */
export const noInput: Input = { path: {}, query: {}, body: undefined }
