import { type Clock, systemClock } from '../core/clock.ts'
import { type Random, randomToken, systemRandom } from '../core/random.ts'
import { attempter, type WorkerLine } from './attempt.ts'
import { type Handler, type WebhookEvent } from './handler.ts'
import { type Claim, type Claimed, type Inbox } from './inbox.ts'
import { orderedHandler } from './orders/ordered-handler.ts'
import { type Order, type OrderTable } from './orders/order-table.ts'
import { defaultPausesMs } from './retry-schedule.ts'

export interface WorkerOptions<Transaction> {
  readonly inbox: Inbox<Transaction>
  readonly handle: Handler<Transaction>
  /** How the events of each type follow each other: the table that the receiver has. @default every event is free */
  readonly order?: Order<OrderTable<Transaction>> | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** @default chance that nobody can predict */
  readonly random?: Random | undefined
  /** How many events are handled at the same time. @default 10 */
  readonly concurrency?: number | undefined
  /** How long an event stays with a worker that says nothing more. It is extended while the handler works. @default 30,000 */
  readonly leaseMs?: number | undefined
  /** A handler that takes longer has failed. @default 20,000 */
  readonly handlerTimeoutMs?: number | undefined
  /** The pause after each failed attempt; after the last one the event is dead. @default 5 s, rising to 8 h */
  readonly pausesMs?: readonly number[] | undefined
  /** An event is buried when its process died this often. @default 3 */
  readonly maxCrashes?: number | undefined
  /** How often it looks into an inbox that other processes fill. @default 1,000 */
  readonly pollMs?: number | undefined
  /** Name of this worker, for people to read. @default drawn */
  readonly owner?: string | undefined
  /** Hears about every attempt; what it throws is ignored. @default nobody does */
  readonly log?: ((line: WorkerLine) => void) | undefined
  /** Gets what a handler or the inbox threw, as it is: it may hold secrets. @default nobody does */
  readonly onError?: ((error: unknown, event: WebhookEvent | undefined) => void) | undefined
}

export interface DrainOptions {
  /** Also waits, on the clock, for what is due later, until nothing is left to handle. @default false */
  readonly untilEmpty?: boolean
}

export interface Worker extends AsyncDisposable {
  /** Handles events as they come, until it is stopped. */
  start(): void
  /** Claims nothing more and resolves when the handlers at work have ended. */
  stop(): Promise<void>
  /** Handles everything that is due and resolves when that is settled: for tests and for jobs that end. */
  drain(options?: DrainOptions): Promise<void>
}

/**
 * Makes a worker that handles what lies in an inbox: leased, counted before it begins, retried with
 * pauses, buried when nothing helps. Events are handled side by side, so one that fails delays no other.
 *
 * An effect registered with `context.effect` happens exactly once; anything else that a handler does
 * happens at least once.
 *
 * @example
 * const worker = createWorker({
 *   inbox,
 *   async handle(event, context) {
 *     if (event.type !== 'payment_intent.succeeded') return
 *     context.effect((database) => markPaid(database, event.data))
 *   },
 * })
 * worker.start()
 */
export function createWorker<Transaction>(options: WorkerOptions<Transaction>): Worker {
  const { inbox, handle, clock = systemClock, random = systemRandom, concurrency = 10, leaseMs = 30_000 } = options
  const { handlerTimeoutMs = 20_000, pausesMs = defaultPausesMs, maxCrashes = 3, pollMs = 1_000 } = options
  const { owner = `worker-${randomToken(random, 8)}`, order, log, onError } = options
  const handleInOrder = orderedHandler(handle, order, { inbox, clock, random })
  const paused = new Map<string, number>()
  const attempt = attempter({
    inbox,
    handle: handleInOrder,
    clock,
    random,
    leaseMs,
    handlerTimeoutMs,
    pausesMs,
    log,
    report,
    pause,
  })
  const working = new Set<Promise<void>>()
  let running = false
  let looking: Promise<void> | undefined
  let lookAgain = false
  let cancelTimer = () => {}
  let unwatch = () => {}

  async function claim(limit: number): Promise<Claimed> {
    const nowMs = clock.now()
    for (const [provider, untilMs] of paused) if (untilMs <= nowMs) paused.delete(provider)
    const exceptProviders = [...paused.keys()]
    const { claims, nextDueAtMs } = await inbox.claim({ owner, limit, leaseMs, maxCrashes, exceptProviders })
    const times = nextDueAtMs === undefined ? [...paused.values()] : [nextDueAtMs, ...paused.values()]
    return { claims, nextDueAtMs: times.length === 0 ? undefined : Math.min(...times) }
  }

  function pause(provider: string, forMs: number): void {
    paused.set(provider, Math.max(paused.get(provider) ?? 0, clock.now() + forMs))
  }

  function begin(claimed: Claim): Promise<void> {
    const work = attempt(claimed)
    working.add(work)
    return work.finally(() => working.delete(work))
  }

  /** Claims as much as there is room for, and sets the time of the next look. */
  function look(): void {
    lookAgain = true
    if (running) looking ??= lookNow().finally(lookedOnce)
  }

  /** What happened after the last claim and before this is looked at now. */
  function lookedOnce(): void {
    looking = undefined
    if (lookAgain) look()
  }

  async function lookNow(): Promise<void> {
    let waitMs: number | undefined
    try {
      do {
        lookAgain = false
        waitMs = await lookOnce()
      } while (lookAgain && running)
    } catch (error) {
      report(error, undefined)
      waitMs = pollMs
    }
    cancelTimer()
    if (running && waitMs !== undefined) cancelTimer = clock.after(waitMs, look)
  }

  /** How long to wait before the next look; `undefined`: until something happens here. */
  async function lookOnce(): Promise<number | undefined> {
    const room = concurrency - working.size
    if (room <= 0) return undefined
    const { claims, nextDueAtMs } = await claim(room)
    for (const claimed of claims) void begin(claimed).then(look)
    if (claims.length === room) return undefined
    const untilDueMs = nextDueAtMs === undefined ? Number.POSITIVE_INFINITY : nextDueAtMs - clock.now()
    // What is due and was not handed out is held up by its lane.
    const waitMs = untilDueMs <= 0 ? pollMs : untilDueMs
    if (inbox.guarantees.shared) return Math.min(waitMs, pollMs)
    return waitMs === Number.POSITIVE_INFINITY ? undefined : waitMs
  }

  function report(error: unknown, event: WebhookEvent | undefined): void {
    try {
      onError?.(error, event)
    } catch {
      // Nobody is left to tell.
    }
  }

  async function stop(): Promise<void> {
    running = false
    unwatch()
    cancelTimer()
    await looking
    await Promise.all(working)
  }

  return {
    start() {
      if (running) return
      running = true
      unwatch = inbox.watch(look)
      look()
    },
    stop,
    async drain({ untilEmpty = false } = {}) {
      for (;;) {
        const { claims, nextDueAtMs } = await claim(concurrency)
        if (claims.length > 0) await Promise.all(claims.map(begin))
        else if (working.size > 0) await Promise.race(working)
        else if (!untilEmpty || nextDueAtMs === undefined) return
        else await clock.sleep(nextDueAtMs > clock.now() ? nextDueAtMs - clock.now() : pollMs)
      }
    },
    [Symbol.asyncDispose]: stop,
  }
}
