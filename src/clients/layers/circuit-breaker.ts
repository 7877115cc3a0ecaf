import { isGoodfenceError } from '../../core/errors.ts'
import { type Context, type Layer } from '../../core/service.ts'
import { signalOf } from '../../core/light.ts'
import { type Breaker, type Permit, type Verdict } from '../breaker.ts'

export interface CircuitBreakerOptions {
  /** Shared by all who should learn together. */
  readonly breaker: Breaker
  /** What an answer says about the provider's health. @default 408 and 5xx failure, other 4xx ignored */
  readonly verdictOf?: ((response: Response) => Verdict) | undefined
}

/** Refuses a call at once while the breaker refuses, before it waits in any queue. Takes no permit. */
export function breakerCheck({ breaker }: Pick<CircuitBreakerOptions, 'breaker'>): Layer {
  return (next) => (request, context) => {
    try {
      breaker.check()
    } catch (error) {
      return Promise.reject(error)
    }
    return next(request, context)
  }
}

/**
 * Makes each attempt with the breaker's leave and tells it how the attempt ended.
 *
 * Place it inside retry, which would hide failures from it, and inside bulkhead and throttle, whose own
 * refusals say nothing about the provider.
 */
export function circuitBreaker({ breaker, verdictOf = statusVerdict }: CircuitBreakerOptions): Layer {
  return (next) => (request, context) => {
    let permit: Permit
    try {
      permit = breaker.acquire()
    } catch (error) {
      return Promise.reject(error)
    }
    return next(request, context).then(
      (response) => {
        breaker.settle(permit, verdictOf(response))
        return response
      },
      (error: unknown) => {
        breaker.settle(permit, errorVerdict(error, request, context))
        throw error
      },
    )
  }
}

/** 429 is pacing, and the rest of 4xx is the caller's mistake: neither means that the provider is ill, or well. */
function statusVerdict({ status }: Response): Verdict {
  if (status >= 500 || status === 408) return 'failure'
  return status < 400 ? 'success' : 'ignored'
}

function errorVerdict(error: unknown, request: Request, context: Context | undefined): Verdict {
  if (isGoodfenceError(error))
    return isGoodfenceError(error, 'timeout') && error.facts.phase === 'attempt' ? 'failure' : 'ignored'
  // The caller gave up: nobody knows what the provider would have answered.
  return (context?.signal ?? signalOf(request))?.aborted ? 'ignored' : 'failure'
}
