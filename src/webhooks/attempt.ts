import { type Clock } from '../core/clock.ts'
import { GoodfenceError, networkCodeOf } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { type Random } from '../core/random.ts'
import {
  type Attempt,
  createAttempt,
  type Handler,
  type HandlerResult,
  type WebhookEvent,
  webhookEventOf,
} from './handler.ts'
import { type Claim, type Effect, type Inbox, type Outcome } from './inbox.ts'
import { keepableName } from './keepable-name.ts'
import { Superseded, Tie, tie } from './orders/latest.ts'
import { pauseAfter } from './retry-schedule.ts'
import { within } from './within.ts'

/** What the worker tells about one attempt. Holds nothing that an event or an error said, so it may be logged as it is. */
export interface WorkerLine {
  readonly provider: string
  readonly eventId: string
  readonly type: string
  readonly attempt: number
  /** `lost`: another claim came after, and nothing was changed. `unsettled`: the inbox failed; the lease will run out. */
  readonly outcome: Outcome['kind'] | 'lost' | 'unsettled'
  /** The kind of failure. */
  readonly error?: string
  readonly durationMs: number
}

export interface AttemptOptions<Transaction> {
  readonly inbox: Pick<Inbox<Transaction>, 'settle' | 'extend'>
  readonly handle: Handler<Transaction>
  readonly clock: Clock
  readonly random: Random
  readonly leaseMs: number
  readonly handlerTimeoutMs: number
  readonly pausesMs: readonly number[]
  readonly log: ((line: WorkerLine) => void) | undefined
  readonly report: (error: unknown, event: WebhookEvent | undefined) => void
  /** Leaves all events of a provider alone for a while. */
  readonly pause: (provider: string, forMs: number) => void
}

/** Makes the function that handles one claimed event and settles it. It never rejects. */
export function attempter<Transaction>(options: AttemptOptions<Transaction>): (claimed: Claim) => Promise<void> {
  const { inbox, handle, clock, random, leaseMs, handlerTimeoutMs, pausesMs, log, report, pause } = options

  async function attempt(claimed: Claim): Promise<void> {
    const startMs = clock.monotonic()
    const event = webhookEventOf(claimed.event)
    const tools = createAttempt<Transaction>(claimed)
    const release = keepLease(claimed, tools.abort)
    const failed = (error: unknown): Outcome => {
      if (error instanceof Superseded) return { kind: 'superseded' }
      if (error instanceof Tie) return retryOrBury({ afterMs: 0 }, claimed, tie)
      report(error, event)
      return retryOrBury({}, claimed, kindOf(error))
    }

    let outcome = await run(claimed, event, tools).catch(failed)
    const effect = outcome.kind === 'done' ? tools.effect() : undefined
    const ended = await settle(claimed, outcome, effect).catch((error: unknown) => {
      // The effect failed and nothing of it was kept, or the inbox failed; then this fails as well.
      outcome = failed(error)
      return settle(claimed, outcome).catch((again: unknown): 'unsettled' => {
        report(again, event)
        return 'unsettled'
      })
    })
    release()
    tell(claimed, outcome, ended, clock.monotonic() - startMs)
  }

  async function run(claimed: Claim, event: WebhookEvent, { context, abort }: Attempt<Transaction>): Promise<Outcome> {
    const late = () => lateError(handlerTimeoutMs)
    try {
      const result = handle(event, context)
      const settled = isPromise(result) ? await within(clock, handlerTimeoutMs, result, late) : result
      return outcomeOf(settled, claimed)
    } catch (error) {
      abort(error instanceof Error ? error : new Error('The handler failed.', { cause: error }))
      throw error
    }
  }

  async function settle(
    claimed: Claim,
    outcome: Outcome,
    effect?: Effect<Transaction>,
  ): Promise<WorkerLine['outcome']> {
    return (await inbox.settle(claimed, outcome, effect)) === 'lost' ? 'lost' : outcome.kind
  }

  function outcomeOf(result: HandlerResult | void, claimed: Claim): Outcome {
    if (result === undefined) return { kind: 'done' }
    if (result.kind === 'dead') return { kind: 'dead', error: printable(result.reason) }
    if (result.kind === 'done' && result.coversLane === true) return { kind: 'done', coversSeq: claimed.newestSeq }
    if (result.kind === 'hold') {
      const { attempts } = claimed.event
      if (attempts > pausesMs.length + 1) return { kind: 'dead', error: 'held too often' }
      const { kind, marker } = result
      const forMs = keepable(result.forMs) ?? pauseAfter(attempts, pausesMs, random) ?? 0
      return marker === undefined ? { kind, forMs } : { kind, forMs, marker: keepableName(marker) }
    }
    if (result.kind !== 'retry') return result
    const outcome = retryOrBury(result, claimed, printable(result.reason ?? 'asked'))
    if (result.pauseProvider !== true) return outcome
    pause(claimed.event.provider, 'afterMs' in outcome ? outcome.afterMs : (keepable(result.afterMs) ?? 0))
    return outcome
  }

  function retryOrBury(asked: { readonly afterMs?: number }, { event }: Claim, error: string): Outcome {
    const pauseMs = pauseAfter(event.attempts, pausesMs, random)
    if (pauseMs === undefined) return { kind: 'dead', error }
    return { kind: 'retry', afterMs: keepable(asked.afterMs) ?? pauseMs, error }
  }

  /** Extends the lease at every third of it, until the returned function is called or it is lost. */
  function keepLease(claimed: Claim, abort: (reason: Error) => void): () => void {
    let released = false
    const extend = () => {
      inbox.extend(claimed, leaseMs).then(
        (answer) => {
          if (answer === 'lost') abort(new Error('Another worker has the event now.'))
          else if (!released) arm()
        },
        () => released || arm(),
      )
    }
    let cancel = () => {}
    const arm = () => void (cancel = clock.after(leaseMs / 3, extend))
    arm()
    return () => {
      released = true
      cancel()
    }
  }

  function tell(claimed: Claim, outcome: Outcome, ended: WorkerLine['outcome'], durationMs: number): void {
    if (log === undefined) return
    const { provider, eventId, type, attempts } = claimed.event
    const line = { provider, eventId, type, attempt: attempts, outcome: ended, durationMs }
    try {
      log('error' in outcome ? { ...line, error: outcome.error } : line)
    } catch {
      // A log that fails must not fail an event.
    }
  }

  return attempt
}

const centuryMs = 100 * 365 * 86_400_000

/**
 * The time that a handler asks for, as every store can keep it: a century is for ever. `undefined` where it is no number,
 * such as that of a `retry-after` which is a date.
 */
function keepable(askedMs: number | undefined): number | undefined {
  return askedMs === undefined || Number.isNaN(askedMs) ? undefined : Math.min(Math.max(askedMs, 0), centuryMs)
}

function isPromise<Result>(result: Result | Promise<Result>): result is Promise<Result> {
  return typeof result === 'object' && result !== null && 'then' in result
}

function lateError(timeoutMs: number): GoodfenceError {
  return new GoodfenceError('timeout', `The handler took longer than ${timeoutMs} ms.`, { timeoutMs, phase: 'attempt' })
}

/** A failure by its kind alone: a message may hold what must not be stored. */
function kindOf(error: unknown): string {
  if (error instanceof GoodfenceError) return error.code
  const code = networkCodeOf(error)
  const name = error instanceof Error ? error.name.replaceAll(/[^\w ]/g, '').slice(0, 60) : typeof error
  return code === undefined ? name : `${name} ${code}`
}
