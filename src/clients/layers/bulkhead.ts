import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { signalOf } from '../../core/light.ts'
import { type Layer, type Service } from '../../core/service.ts'
import { type BodyWatcher, watchBody } from '../body-watch.ts'
import { type Abortable, follow, unfollow } from '../abortable.ts'

export interface BulkheadOptions {
  /** Attempts on the wire at once. `Infinity` for no limit. @default 50 */
  readonly maxConcurrent?: number | undefined
  /** Attempts that may wait for a slot; more are refused. @default 200 */
  readonly maxQueued?: number | undefined
  /** Longest wait for a slot. @default 10,000 */
  readonly queueTimeoutMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/**
 * Limits how many attempts are on the wire at once: the rest wait in order, and too many are refused
 * with `bulkhead_full`.
 *
 * A slot is held until the body of the answer has ended, and given to the next in line by hand, so
 * that no newcomer can take it. Place it inside retry, so that no slot is held during a pause.
 */
export function bulkhead(options: BulkheadOptions = {}): Layer {
  const { maxConcurrent = 50, maxQueued = 200, queueTimeoutMs = 10_000, clock = systemClock } = options
  const waiting = new Set<() => void>() // in order of arrival; each takes over a slot
  let active = 0

  function release(): void {
    for (const takeOver of waiting) {
      waiting.delete(takeOver)
      return takeOver()
    }
    active--
  }

  function slot(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (waiting.size >= maxQueued) return Promise.reject(full(`${waiting.size} were waiting already`))
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(takeOver)
        cancelTimer()
        if (signal !== undefined) unfollow(signal, caller)
      }
      const takeOver = () => {
        leave()
        resolve()
      }
      const caller: Abortable = {
        end(reason) {
          leave()
          reject(reason)
        },
      }
      waiting.add(takeOver)
      const cancelTimer = clock.after(queueTimeoutMs, () =>
        caller.end(full(`none was free within ${queueTimeoutMs} ms`)),
      )
      if (signal !== undefined) follow(signal, caller)
    })
  }

  function full(why: string): GoodfenceError {
    return new GoodfenceError(
      'bulkhead_full',
      `No slot for this attempt: all ${maxConcurrent} are taken and ${why}. Raise bulkhead.maxConcurrent, or call less at once.`,
      { maxConcurrent, maxQueued },
    )
  }

  const slotHolder: BodyWatcher = { bodyEnded: release }
  const answered = (response: Response) => {
    watchBody(response, slotHolder)
    return response
  }
  const refused = (error: unknown) => {
    release()
    throw error
  }

  return (next) => {
    /** Makes the attempt, in a slot that is taken. */
    const ask: Service = (request, context) => {
      try {
        return next(request, context).then(answered, refused)
      } catch (error) {
        release()
        return Promise.reject(error)
      }
    }
    const queued: Service = async (request, context) => {
      await slot(context?.signal ?? signalOf(request))
      return ask(request, context)
    }
    return (request, context) => {
      if (active >= maxConcurrent) return queued(request, context)
      active++
      return ask(request, context)
    }
  }
}
