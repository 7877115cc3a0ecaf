import { isGoodfenceError, networkCodeOf } from '../../core/errors.ts'
import { type Journal } from '../../core/journal.ts'
import { type Layer } from '../../core/service.ts'
import { type Exchange, exchangeOf } from '../exchange.ts'
import { Refused, type Refusal } from '../refusal.ts'

export interface GuardOptions {
  readonly journal: Journal
  /** Puts a refusal into the provider's words. */
  readonly refuse: (refusal: Refusal, request: Request, exchange: Exchange) => Response
}

/**
 * Turns whatever goes wrong further in into the provider's own answers: refusals as they are, a body that
 * is too large into 413, a defect of the mock into a 500 that the journal explains.
 */
export function guard(options: GuardOptions): Layer {
  const { journal, refuse } = options
  return (next) => async (request, context) => {
    try {
      return await next(request, context)
    } catch (error) {
      // A fault of the plan means "no answer", and must stay one.
      if (networkCodeOf(error) !== undefined) throw error
      return refuse(refusalFor(error, journal), request, exchangeOf(request))
    }
  }
}

function refusalFor(error: unknown, journal: Journal): Refusal {
  if (error instanceof Refused) return error.refusal
  if (isGoodfenceError(error, 'body_too_large'))
    return {
      status: 413,
      message: `The request body is larger than the ${error.facts.maxBytes} bytes allowed here.`,
      unexecuted: true,
    }
  const note =
    error instanceof Error
      ? `${error.name}: ${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}`
      : typeof error
  journal.record({ kind: 'note', note: `the mock itself failed: ${note}` })
  return { status: 500, message: 'The mock itself failed. Its journal says where; please report it.' }
}
