import { discard } from '../core/body.ts'
import { type Clock } from '../core/clock.ts'
import { signalOf } from '../core/light.ts'
import { type Context, type Service } from '../core/service.ts'
import { failBody, watchBody } from './body-watch.ts'
import { type Abortable, follow, unfollow } from './abortable.ts'

export interface LimitOptions {
  readonly clock: Clock
  /** `Infinity` arms no timer. */
  readonly timeoutMs: number
  /** Makes the error, when the time is up. */
  readonly expired: (lastFailure: unknown) => Error
}

/**
 * Runs one exchange, its answer's body included, within a time and within whatever surrounds it.
 *
 * Settles as `next` does, or rejects in the turn in which the time is up or the caller gives up,
 * even when `next` does not listen. What comes later from `next` is let go. `deadlineAtMs` is what layers
 * within are told; `Infinity` for none.
 */
export function within(
  options: LimitOptions,
  next: Service,
  request: Request,
  context: Context | undefined,
  deadlineAtMs: number,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const limit = new Limit(options, context, request, deadlineAtMs, reject)
    if (limit.ended) return
    const refused = (error: unknown) => {
      reject(error)
      limit.bodyEnded()
    }
    try {
      next(request, limit).then((response) => {
        if (limit.ended) return void discard(response).catch(() => {}) // too late for anybody
        resolve(response)
        limit.answered(response)
      }, refused)
    } catch (error) {
      refused(error)
    }
  })
}

/**
 * The context of what runs within a limit. Its signal is made when somebody asks for it, since most
 * services ask only when they wait and an AbortController with its listeners costs more than the rest.
 */
export class Limit implements Context, Abortable {
  readonly deadlineAtMs: number
  /** Makes an error of the last failure that was not handed on, so that a timeout need not hide it. Few need it: a stack costs. */
  lastFailure: (() => unknown) | undefined
  #over = false
  #ended: { readonly reason: unknown } | undefined
  #controller: AbortController | undefined
  #callbacks: Set<(reason: unknown) => void> | undefined
  #response: Response | undefined
  #inner: Limit | undefined
  readonly #reject: (reason: unknown) => void
  readonly #outer: Limit | undefined
  readonly #disarm: (() => void) | undefined
  readonly #signal: AbortSignal | undefined
  readonly #keep: boolean = false

  constructor(
    { clock, timeoutMs, expired }: LimitOptions,
    context: Context | undefined,
    request: Request,
    deadlineAtMs: number,
    reject: (reason: unknown) => void,
  ) {
    this.deadlineAtMs = deadlineAtMs
    this.#reject = reject
    if (context instanceof Limit && context.#inner === undefined && !context.ended) {
      this.#outer = context
      context.#inner = this
    } else {
      const signal = context?.signal ?? signalOf(request)
      if (signal?.aborted) {
        this.end(signal.reason)
        return
      }
      if (signal !== undefined) {
        follow(signal, this)
        this.#signal = signal
        this.#keep = context?.signal === undefined
      }
    }
    if (timeoutMs !== Infinity) this.#disarm = clock.after(timeoutMs, () => this.end(expired(this.lastFailure?.())))
  }

  /** Whether the time was up, or the caller gave up, before the exchange was over. */
  get ended(): boolean {
    return this.#ended !== undefined
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#ended) this.#controller.abort(this.#ended.reason)
    }
    return this.#controller.signal
  }

  onAbort(callback: (reason: unknown) => void): () => void {
    if (this.#ended !== undefined) callback(this.#ended.reason)
    else (this.#callbacks ??= new Set()).add(callback)
    return () => void this.#callbacks?.delete(callback)
  }

  /** Gives up what is within, for `reason`. */
  end(reason: unknown): void {
    if (this.#over) return
    this.#ended = { reason }
    this.bodyEnded()
    this.#reject(reason)
    this.#inner?.end(reason)
    this.#controller?.abort(reason)
    for (const callback of this.#callbacks ?? []) callback(reason)
    if (this.#response !== undefined) failBody(this.#response, reason)
  }

  /** The answer is there; the limit stands until its body has ended. */
  answered(response: Response): void {
    this.#response = response
    watchBody(response, this)
  }

  /** The exchange is over: nothing waits for it any more. */
  bodyEnded(): void {
    if (this.#over) return
    this.#over = true
    this.#disarm?.()
    if (this.#signal !== undefined) unfollow(this.#signal, this, this.#keep)
    if (this.#outer !== undefined && this.#outer.#inner === this) this.#outer.#inner = undefined
  }
}
