import { discard } from '../../core/body.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { type Random, systemRandom } from '../../core/random.ts'
import { type Layer } from '../../core/service.ts'
import { signalOf } from '../../core/light.ts'
import { Limit } from '../limit.ts'
import { hasBody, replayable } from '../replay.ts'
import { createRetryBudget, type RetryBudget } from '../retry-budget.ts'
import { idempotentMethods, type Outcome, retryPause, type RetryRules } from '../retry-policy.ts'

export interface RetryOptions {
  /** The first attempt counts too. @default 3 */
  readonly maxAttempts?: number | undefined
  /** Longest pause after the first failure; doubles after each, and chance picks a point below. @default 200 */
  readonly baseDelayMs?: number | undefined
  /** @default 10,000 */
  readonly maxDelayMs?: number | undefined
  /** A provider that asks for more is not asked again: its answer is handed over at once. @default 30,000 */
  readonly maxRetryAfterMs?: number | undefined
  /** Shared by all clients of one provider and credential. @default one for this layer */
  readonly budget?: RetryBudget | undefined
  /** A request with this header may be repeated whatever its method. @default 'idempotency-key' */
  readonly keyHeader?: string | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** @default the system's */
  readonly random?: Random | undefined
}

/**
 * Repeats an exchange that failed in passing: no answer, 429, 5xx; as the provider's own hints say, if it
 * gives any. When it gives up, the last answer is returned, or the last error thrown.
 *
 * Only repeats what may be repeated: idempotent methods, and requests that carry an idempotency key. Place
 * it outside auth, so that each attempt is signed afresh, and inside the idempotency key, so that
 * all attempts carry the same one.
 */
export function retry(options: RetryOptions = {}): Layer {
  const { maxAttempts = 3, baseDelayMs = 200, maxDelayMs = 10_000, maxRetryAfterMs = 30_000 } = options
  const { clock = systemClock, random = systemRandom, keyHeader = 'idempotency-key' } = options
  const { budget = createRetryBudget({ clock }) } = options
  const rules: RetryRules = { maxAttempts, baseDelayMs, maxDelayMs, maxRetryAfterMs, random }

  return (next) => async (request, context) => {
    budget.deposit()
    const keyed = !idempotentMethods.has(request.method)
    if (maxAttempts === 1 || (keyed && !request.headers.get(keyHeader))) return next(request, context)

    const replay = hasBody(request) ? await replayable(request) : undefined
    for (let attempt = 1; ; attempt++) {
      let outcome: Outcome
      try {
        const response = await next(replay?.take() ?? request, context)
        if (response.status < 400) return response
        outcome = { response }
      } catch (error) {
        outcome = { error }
      }
      const leftMs = (context?.deadlineAtMs ?? Infinity) - clock.monotonic()
      const situation = { attempt, keyed: Boolean(request.headers.get(keyHeader)), nowMs: clock.now(), leftMs }
      const signal = context?.signal ?? signalOf(request)
      const pauseMs = signal?.aborted ? undefined : retryPause(outcome, situation, rules)
      if (pauseMs === undefined || !budget.withdraw()) return answerOf(outcome)

      if (context instanceof Limit) context.lastFailure = () => failureOf(outcome)
      if ('response' in outcome) discard(outcome.response).catch(() => {}) // it may be broken already
      await clock.sleep(pauseMs, signal)
    }
  }
}

function answerOf(outcome: Outcome): Response {
  if ('response' in outcome) return outcome.response
  throw outcome.error
}

/** The failure as a cause for the timeout that may follow. */
function failureOf(outcome: Outcome): unknown {
  return 'error' in outcome
    ? outcome.error
    : new Error(`The last attempt was answered with ${outcome.response.status}.`)
}
