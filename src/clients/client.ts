import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Journal } from '../core/journal.ts'
import { platformFetch } from '../core/platform.ts'
import { type Random } from '../core/random.ts'
import { record } from '../core/record.ts'
import { type Layer, type Service, stack } from '../core/service.ts'
import { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts'
import { attemptTimeout, type AttemptTimeoutOptions } from './layers/attempt-timeout.ts'
import { bulkhead, type BulkheadOptions } from './layers/bulkhead.ts'
import { breakerCheck, circuitBreaker, type CircuitBreakerOptions } from './layers/circuit-breaker.ts'
import { deadline, type DeadlineOptions } from './layers/deadline.ts'
import { idempotencyKey, type IdempotencyKeyOptions } from './layers/idempotency-key.ts'
import { log, type LogOptions } from './layers/log.ts'
import { retry, type RetryOptions } from './layers/retry.ts'
import { throttle, type ThrottleOptions } from './layers/throttle.ts'
import { requireOptions } from './require-options.ts'

/** One field for each behaviour. `false` leaves one out; the order of the fields means nothing. */
export interface ClientOptions {
  /** What the calls go to in the end. @default the global `fetch` of the moment */
  readonly fetch?: Service | undefined
  /** For all layers that are not given their own. @default the system's clock */
  readonly clock?: Clock | undefined
  /** For all layers that are not given their own. @default the system's */
  readonly random?: Random | undefined
  /** Everything that passes is written here, as the application called it and as it went over the wire. @default none */
  readonly journal?: Journal | undefined
  /** Names operations for journal and log, as `METHOD /template`. @default none */
  readonly operationOf?: ((request: Request) => string | undefined) | undefined

  /** A last resort for calls that failed. @default none */
  readonly fallback?: Layer | undefined
  /** @default none */
  readonly cache?: Layer | undefined
  /** Ends the whole call in time. @default 30 seconds */
  readonly deadline?: DeadlineOptions | false | undefined
  /** Gives calls that change something an idempotency key. @default on */
  readonly key?: IdempotencyKeyOptions | false | undefined
  /** Repeats what failed in passing. @default 3 attempts */
  readonly retry?: RetryOptions | false | undefined
  /** Refuses at once while the provider is ill. Give a breaker of your own to share or watch it. @default on */
  readonly breaker?: Breaker | (BreakerOptions & Pick<Partial<CircuitBreakerOptions>, 'verdictOf'>) | false | undefined
  /** Paces attempts. @default off */
  readonly throttle?: ThrottleOptions | false | undefined
  /** Limits attempts under way at once. @default 50 */
  readonly bulkhead?: BulkheadOptions | false | undefined
  /** Proves to the provider who is calling: `bearer()`, `clientCredentials()`. @default none */
  readonly auth?: Layer | undefined
  /** Signs each attempt when nothing will change any more. @default none */
  readonly signing?: Layer | undefined
  /** Ends one attempt in time. @default 10 seconds */
  readonly attemptTimeout?: AttemptTimeoutOptions | false | undefined
  /** Writes one line for each exchange. @default off */
  readonly log?: LogOptions | false | undefined
  /** Compares what passes with the document. @default none */
  readonly conformance?: Layer | undefined

  /** All places of the layers in use, outermost first, to deviate from the order that is safe. @default the order of `places` */
  readonly unsafeOrder?: readonly Place[] | undefined
}

/**
 * Where each behaviour stands, outermost first. Breaker and journal stand in two places.
 *
 * - `deadline` outside `retry`: or it would be spent once for each attempt.
 * - `key` outside `retry`: or each attempt would be another operation to the provider.
 * - `throttle` and `bulkhead` inside `retry`: or a pause would hold a slot, and retries would go unpaced.
 * - `breaker` inside them: or our own queueing would open it. Its check stands before them: no queueing for a refusal.
 * - `attemptTimeout` inside `bulkhead`: or queueing would look like a slow provider.
 * - `fallback` outermost: or retry and breaker would learn from made-up successes.
 */
const table = {
  'journal-call': (options) => journal('call', options),
  fallback: ({ fallback }) => fallback,
  cache: ({ cache }) => cache,
  deadline: (options) => made(deadline, options.deadline, options),
  key: (options) => made(idempotencyKey, options.key, options),
  retry: (options) =>
    made(retry, options.retry !== false && { keyHeader: keyHeader(options), ...options.retry }, options),
  'breaker-check': (_, breaker) => breaker && breakerCheck(breaker),
  throttle: (options) => made(throttle, options.throttle ?? false, options),
  bulkhead: (options) => made(bulkhead, options.bulkhead, options),
  'breaker-permit': (_, breaker) => breaker && circuitBreaker(breaker),
  auth: ({ auth }) => auth,
  signing: ({ signing }) => signing,
  'attempt-timeout': (options) => made(attemptTimeout, options.attemptTimeout, options),
  log: (options) =>
    made(
      log,
      options.log !== undefined && options.log !== false && { operationOf: options.operationOf, ...options.log },
      options,
    ),
  'journal-wire': (options) => journal('wire', options),
  conformance: ({ conformance }) => conformance,
} satisfies Record<
  string,
  (options: ClientOptions, breaker: CircuitBreakerOptions | undefined) => Layer | false | undefined
>

/** A place in the order of layers. */
export type Place = keyof typeof table

/** All places, outermost first. */
export const places = Object.keys(table) as readonly Place[]

/**
 * Makes a client: `fetch` behind a fence. What it gives is a service, to be called as `fetch` is with a `Request`.
 *
 * @example
 * const client = createClient({ auth: bearer({ token: process.env.API_KEY }), deadline: { timeoutMs: 5_000 } })
 * const response = await client(new Request('https://api.example.com/orders'))
 */
export function createClient(options: ClientOptions = {}): Service {
  requireOptions(options)
  const breaker = breakerOf(options)
  const layers = new Map<Place, Layer>()
  for (const place of places) {
    const layer = table[place](options, breaker)
    if (layer) layers.set(place, layer)
  }
  const order = options.unsafeOrder === undefined ? [...layers.keys()] : ordered(options.unsafeOrder, layers)
  return stack(...order.map((place) => layers.get(place) as Layer))(options.fetch ?? platformFetch)
}

function journal(seen: 'call' | 'wire', { journal, operationOf }: ClientOptions): Layer | undefined {
  return journal && record(seen, { journal, ...(operationOf && { operationOf }) })
}

function keyHeader({ key }: ClientOptions): string | undefined {
  return key === false ? undefined : key?.header
}

/** A layer made of its own options and the client's clock and chance; none where the field is `false`. */
function made<Options extends object>(
  factory: (options: Options & { clock?: Clock | undefined; random?: Random | undefined }) => Layer,
  own: Options | false | undefined,
  { clock, random }: ClientOptions,
): Layer | undefined {
  if (own === false) return undefined
  return factory({ clock, random, ...(own as Options) })
}

function breakerOf({ breaker = {}, clock, random }: ClientOptions): CircuitBreakerOptions | undefined {
  if (breaker === false) return undefined
  if ('acquire' in breaker) return { breaker }
  const { verdictOf, ...own } = breaker
  return { breaker: createBreaker({ clock, random, ...own }), verdictOf }
}

function ordered(wanted: readonly Place[], layers: ReadonlyMap<Place, Layer>): readonly Place[] {
  const missing = [...layers.keys()].filter((place) => !wanted.includes(place))
  const stray = wanted.filter((place, at) => !layers.has(place) || wanted.indexOf(place) !== at)
  if (missing.length === 0 && stray.length === 0) return wanted
  const mend = `list each of these once: ${[...layers.keys()].join(', ')}`
  throw new GoodfenceError(
    'usage',
    `unsafeOrder must name every layer in use once; missing: ${missing.join(', ') || 'none'}; not in use or twice: ${stray.join(', ') || 'none'}. To mend it, ${mend}.`,
    { mend },
  )
}
