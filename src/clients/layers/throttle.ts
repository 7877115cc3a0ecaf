import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { signalOf } from '../../core/light.ts'
import { type Random, systemRandom } from '../../core/random.ts'
import { type Context, type Layer } from '../../core/service.ts'
import { type Abortable, follow, unfollow } from '../abortable.ts'
import { retryAfterMs } from '../retry-after.ts'

export interface ThrottleOptions {
  /** The provider's limit, or this machine's share of it. `Infinity` only learns from refusals. @default Infinity */
  readonly perSecond?: number | undefined
  /** Attempts that may go at once after a pause. @default one second's worth, at least 1 */
  readonly burst?: number | undefined
  /** An attempt that would wait longer is refused with `throttled`. @default 30,000 */
  readonly maxWaitMs?: number | undefined
  /** How long a 429 that names no time stops everybody. @default 1,000 */
  readonly pauseMs?: number | undefined
  /** No answer can stop the client for longer. @default an hour */
  readonly maxPauseMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** @default the system's */
  readonly random?: Random | undefined
}

interface Waiter extends Abortable {
  /** It would rather be refused than go later than this. */
  readonly latestMs: number
  go(): void
}

/**
 * Paces attempts below the provider's limit, in order, and stops everybody when the provider says 429,
 * until the time that it names.
 *
 * Place it inside retry, so that each attempt pays. An attempt that would wait past its deadline is refused at once.
 */
export function throttle(options: ThrottleOptions = {}): Layer {
  const { perSecond = Infinity, maxWaitMs = 30_000, pauseMs = 1_000, maxPauseMs = 3_600_000 } = options
  const { burst = Math.max(1, perSecond), clock = systemClock, random = systemRandom } = options
  const intervalMs = perSecond === Infinity ? 0 : 1_000 / perSecond
  const slackMs = burst === Infinity ? 0 : intervalMs * (burst - 1)
  const queue = new Set<Waiter>()
  let nextMs = -Infinity // when the next attempt would go if there were no burst (GCRA's theoretical arrival time)
  let frozenUntilMs = -Infinity
  let cancelPump: (() => void) | undefined

  /** When the attempt with so many before it may go. */
  const goesAtMs = (before: number) => Math.max(nextMs - slackMs + before * intervalMs, frozenUntilMs)

  function pump(): void {
    cancelPump = undefined
    const nowMs = clock.monotonic()
    for (const waiter of queue) {
      if (goesAtMs(0) > nowMs) break
      queue.delete(waiter)
      spend(nowMs)
      waiter.go()
    }
    if (queue.size > 0) cancelPump = clock.after(Math.max(0, goesAtMs(0) - nowMs), pump)
  }

  function repump(): void {
    cancelPump?.()
    cancelPump = undefined
    if (queue.size > 0) pump()
  }

  function spend(nowMs: number): void {
    nextMs = Math.max(nextMs, nowMs) + intervalMs
  }

  function turn(nowMs: number, context: Context | undefined, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const waitMs = goesAtMs(queue.size) - nowMs
    const allowedMs = Math.min(maxWaitMs, (context?.deadlineAtMs ?? Infinity) - nowMs)
    if (waitMs > allowedMs) return Promise.reject(tooLong(waitMs, allowedMs))
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        latestMs: nowMs + allowedMs,
        go() {
          if (signal !== undefined) unfollow(signal, waiter)
          resolve()
        },
        end(reason) {
          if (signal !== undefined) unfollow(signal, waiter)
          queue.delete(waiter)
          if (queue.size === 0) repump()
          reject(reason)
        },
      }
      if (signal !== undefined) follow(signal, waiter)
      queue.add(waiter)
      if (cancelPump === undefined) pump()
    })
  }

  /** Nobody goes before the provider's time; afterwards pace begins without a burst. */
  function freeze(response: Response): void {
    const asked = Math.min(retryAfterMs(response, clock.now()) ?? pauseMs, maxPauseMs)
    const untilMs = clock.monotonic() + asked + random() * Math.max(intervalMs, asked / 100)
    if (untilMs <= frozenUntilMs) return
    frozenUntilMs = untilMs
    nextMs = Math.max(nextMs, untilMs + slackMs)
    let before = 0
    for (const waiter of queue) {
      if (goesAtMs(before) <= waiter.latestMs) before++
      else waiter.end(tooLong(goesAtMs(before) - clock.monotonic(), waiter.latestMs - clock.monotonic()))
    }
    repump()
  }

  return (next) => async (request, context) => {
    const nowMs = clock.monotonic()
    if (queue.size === 0 && goesAtMs(0) <= nowMs) spend(nowMs)
    else await turn(nowMs, context, context?.signal ?? signalOf(request))
    const response = await next(request, context)
    if (response.status === 429) freeze(response)
    return response
  }
}

function tooLong(waitMs: number, allowedMs: number): GoodfenceError {
  return new GoodfenceError(
    'throttled',
    `Not sent: it would have to wait ${Math.ceil(waitMs)} ms for its turn, and only ${Math.floor(allowedMs)} ms are allowed. Call less often, or raise throttle.maxWaitMs.`,
    { waitMs },
  )
}
