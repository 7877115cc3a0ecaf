/** A class of statuses, such as every 2xx. */
export type StatusClass = '2xx' | '3xx' | '4xx' | '5xx'

/** Statuses of a receiver's answer: one class, or a list of classes and single ones. */
export type Statuses = StatusClass | readonly (number | StatusClass)[]

/** What a receiver must answer where the status alone is not enough. */
export interface AnswerFacts {
  /** A whole answer that the provider takes. */
  readonly status: number
  readonly contentType?: string
  readonly body: string
  /** What the provider looks for in an answer's body; empty: the body must be empty. */
  readonly mustContain: string
}

/** Failures after which this delivery is not tried again. */
export interface StopFacts {
  readonly statuses?: Statuses
  /** Statuses that are tried again although `statuses` has them. */
  readonly except?: readonly number[]
  /** Timeouts and broken connections too. @default false */
  readonly noAnswer?: boolean
  /** An answer with this header says so, whatever its status. */
  readonly header?: { readonly name: string; readonly value: string }
}

/** When a provider stops sending to an endpoint at all. */
export interface DisableFacts {
  /** After so many failed attempts in a row, of whatever events. */
  readonly attempts?: number
  /** After so many events in a row that were given up. */
  readonly events?: number
  /** After a failure that comes at least so long after the first of an unbroken row of failures. */
  readonly failingForMs?: number
  /** After so many timeouts within so long. */
  readonly timeouts?: { readonly count: number; readonly withinMs: number }
  /** At once, after an answer with one of these. */
  readonly statuses?: Statuses
  /** It comes back by itself after so long. @default somebody has to enable it */
  readonly forMs?: number
}

/** Headers that tell a receiver which attempt this is. */
export interface AttemptHeaders {
  /** Carries how many attempts there were before this one. */
  readonly number: string
  /** Added to that number. @default 0 */
  readonly startsAt?: number
  /** The first attempt carries it as well. @default false */
  readonly onFirst?: boolean
  /** Carries, from the second attempt on, why the one before failed. */
  readonly reason?: {
    readonly name: string
    readonly timeout: string
    readonly noAnswer: string
    readonly status: string
  }
}

/** How a provider brings its events to a receiver, and what it does when that fails. */
export interface DeliveryFacts {
  /** Answers that mean that the event was taken. */
  readonly success: Statuses
  /** @default an answer with the right status is enough */
  readonly answer?: AnswerFacts
  /** No answer within this long counts as a failed attempt. */
  readonly timeoutMs: number
  /** No connection within this long counts as a failed attempt. @default `timeoutMs` */
  readonly connectTimeoutMs?: number
  /** The pause after each failed attempt; after the last one the provider gives up. */
  readonly retryAfterMs: readonly number[]
  /** For how long the provider says that it repeats. */
  readonly windowMs?: number
  /** The pauses of test accounts, where they differ. */
  readonly sandboxRetryAfterMs?: readonly number[]
  /** `Retry-After` of a refusal lengthens the pause. @default false */
  readonly heedsRetryAfter?: boolean
  /** @default every failure is tried again */
  readonly stop?: StopFacts
  /** @default an endpoint stays enabled however often it fails */
  readonly disable?: DisableFacts
  /**
   * `none`: a failing event holds up no other. `per-target`: later events wait behind it. `per-key`: only those about
   * the same thing do. @default 'none'
   */
  readonly order?: 'none' | 'per-target' | 'per-key'
  /** @default attempts look alike */
  readonly attemptHeaders?: AttemptHeaders
  /** Sent while nothing happens, to learn whether the endpoint is there. */
  readonly heartbeat?: { readonly everyMs: number; readonly body: string }
  /** The answer's body is what the provider shows or does next. @default false */
  readonly synchronous?: boolean
  /**
   * Where this was learned. `documented`: the provider's pages. `source`: its code. `secondary`: somebody who quotes it.
   * `assumed`: nothing was found, or no figures.
   */
  readonly basis: 'documented' | 'source' | 'secondary' | 'assumed'
  /** Facts without a figure of the provider's, by name: these keep to what it does say. @default none */
  readonly assumed?: readonly (keyof DeliveryFacts)[]
  /** What the rest cannot say. */
  readonly notes?: readonly string[]
}

/** How deliveries go where nothing was found out: carefully. */
export const unknownDelivery: DeliveryFacts = {
  success: '2xx',
  timeoutMs: 10_000,
  retryAfterMs: [60_000, 300_000, 1_800_000],
  basis: 'assumed',
  assumed: ['success', 'timeoutMs', 'retryAfterMs'],
}
