import { inspect } from 'node:util'
import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type BreakerOptions } from './breaker.ts'
import { type ClientOptions } from './client.ts'
import { type AttemptTimeoutOptions } from './layers/attempt-timeout.ts'
import { type BulkheadOptions } from './layers/bulkhead.ts'
import { type CircuitBreakerOptions } from './layers/circuit-breaker.ts'
import { type DeadlineOptions } from './layers/deadline.ts'
import { type IdempotencyKeyOptions } from './layers/idempotency-key.ts'
import { type LogOptions } from './layers/log.ts'
import { type RetryOptions } from './layers/retry.ts'
import { type ThrottleOptions } from './layers/throttle.ts'

/** What an option may hold, in words; `undefined` for what is not judged here. */
type Range = { readonly words: string; readonly holds: (value: unknown) => boolean } | undefined

const number = (words: string, holds: (value: number) => boolean): Range => ({
  words,
  holds: (value) => typeof value === 'number' && holds(value),
})
const duration = number('milliseconds, 0 or more', (value) => value >= 0)
const count = number('a whole number of at least 1', isCount)
const places = number('a whole number of at least 0', (value) => value === 0 || isCount(value))
const pace = number('more than 0', (value) => value > 0)
const share = number('more than 0 and at most 1', (value) => value > 0 && value <= 1)
const span: Range = { words: '{ lastMs } or { lastCalls }, more than 0', holds: isSpan }
const verbs: Range = {
  words: "a list of methods in capitals, such as ['POST']",
  holds: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string' && /^[A-Z]+$/.test(each)),
}
const text: Range = { words: 'a text', holds: (value) => typeof value === 'string' && value !== '' }
const call: Range = { words: 'a function', holds: (value) => typeof value === 'function' }
const other: Range = undefined

function isCount(value: number): boolean {
  return value >= 1 && (Number.isInteger(value) || value === Infinity)
}

function isSpan(value: unknown): boolean {
  const [[name, length] = [], ...more] = Object.entries(value ?? {})
  return (
    more.length === 0 &&
    ((name === 'lastMs' && (length as number) > 0) || (name === 'lastCalls' && isCount(length as number)))
  )
}

type Ranges<Options> = Readonly<Record<keyof Options, Range>>

const shared = { clock: other, random: other }

const behaviours = {
  deadline: { timeoutMs: duration, clock: other } satisfies Ranges<DeadlineOptions>,
  key: {
    header: text,
    methods: verbs,
    mint: call,
    quoted: other,
    random: other,
  } satisfies Ranges<IdempotencyKeyOptions>,
  retry: {
    maxAttempts: count,
    baseDelayMs: duration,
    maxDelayMs: duration,
    maxRetryAfterMs: duration,
    budget: other,
    keyHeader: text,
    ...shared,
  } satisfies Ranges<RetryOptions>,
  breaker: {
    failureRate: share,
    minimumCalls: count,
    window: span,
    openMs: duration,
    maxOpenMs: duration,
    probes: count,
    probeLeaseMs: duration,
    verdictOf: call,
    ...shared,
  } satisfies Ranges<BreakerOptions & Omit<CircuitBreakerOptions, 'breaker'>>,
  throttle: {
    perSecond: pace,
    burst: count,
    maxWaitMs: duration,
    pauseMs: duration,
    maxPauseMs: duration,
    ...shared,
  } satisfies Ranges<ThrottleOptions>,
  bulkhead: {
    maxConcurrent: count,
    maxQueued: places,
    queueTimeoutMs: duration,
    clock: other,
  } satisfies Ranges<BulkheadOptions>,
  attemptTimeout: { timeoutMs: duration, clock: other } satisfies Ranges<AttemptTimeoutOptions>,
  log: { write: other, correlationId: other, tell: other, operationOf: other, ...shared } satisfies Ranges<LogOptions>,
}

/** Every field of a client, and what the fields of its behaviours may hold. */
const fields: Readonly<Record<keyof ClientOptions, Readonly<Record<string, Range>> | undefined>> = {
  fetch: undefined,
  clock: undefined,
  random: undefined,
  journal: undefined,
  operationOf: undefined,
  fallback: undefined,
  cache: undefined,
  auth: undefined,
  signing: undefined,
  conformance: undefined,
  unsafeOrder: undefined,
  ...behaviours,
}

/** Throws `usage` for a field that is misspelt, which would quietly stay at its default, or holds what makes no sense. */
export function requireOptions(options: ClientOptions): void {
  requireKnown(options, fields, 'createClient')
  for (const field of Object.keys(behaviours) as (keyof typeof behaviours)[]) {
    const behaviour = options[field]
    // A breaker of one's own was judged when it was made.
    if (behaviour !== undefined && behaviour !== false && !('acquire' in requireObject(field, behaviour)))
      requireBehaviour(field, behaviour as Readonly<Record<string, unknown>>, behaviours[field])
  }
}

function requireObject(field: string, value: unknown): object {
  if (typeof value === 'object' && value !== null) return value
  const mend = `give ${field}: { … }, or false to leave it out`
  throw usage(`The field ${field} of createClient is ${String(value)}; ${mend}.`, mend)
}

function requireBehaviour(
  field: string,
  options: Readonly<Record<string, unknown>>,
  ranges: Readonly<Record<string, Range>>,
): void {
  requireKnown(options, ranges, `The field ${field} of createClient`)
  for (const name in options) {
    const [value, range] = [options[name], ranges[name]]
    if (value === undefined || range === undefined) continue
    if (!range.holds(value)) {
      const mend = `give ${range.words}`
      const shown = typeof value === 'string' ? value : inspect(value)
      throw usage(`${field}.${name} of createClient is ${shown}; ${mend}.`, mend)
    }
  }
}

function requireKnown(options: object, known: object, owner: string): void {
  for (const name in options) {
    if (Object.hasOwn(known, name)) continue
    const mend = didYouMean(name, Object.keys(known)).trim()
    throw usage(`${owner} does not know ${name}. ${mend}`, mend)
  }
}

function usage(message: string, mend: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend })
}
