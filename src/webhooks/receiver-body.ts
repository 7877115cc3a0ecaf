import { bytesOf, isAtHand } from '../core/body.ts'
import { type Clock } from '../core/clock.ts'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { type ReceiverOutcome } from './receiver-exits.ts'
import { within } from './within.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Why there are no bytes, and how to mend that where it is a mistake of who mounted the receiver. */
export interface NoBody {
  readonly outcome: ReceiverOutcome
  readonly mend?: string
}

/** Makes the function that reads at most so many bytes, in at most so much time. It never rejects. */
export function bodyReader(
  clock: Clock,
  maxBytes: number,
  timeoutMs: number,
): (request: Request) => Promise<Bytes | NoBody> {
  return async (request) => {
    // A declared length only ever refuses: what arrives is counted.
    if (Number(request.headers.get('content-length')) > maxBytes) return { outcome: 'body_too_large' }
    try {
      if (isAtHand(request)) return await bytesOf(request, { maxBytes })
      const limit = new AbortController()
      const late = () => {
        const error = tooSlow(timeoutMs)
        limit.abort(error)
        return error
      }
      return await within(clock, timeoutMs, bytesOf(request, { maxBytes, signal: limit.signal }), late)
    } catch (error) {
      return noBodyOf(error)
    }
  }
}

function noBodyOf(error: unknown): NoBody {
  if (isGoodfenceError(error, 'body_too_large')) return { outcome: 'body_too_large' }
  if (isGoodfenceError(error, 'body_too_slow')) return { outcome: 'body_too_slow' }
  if (isGoodfenceError(error, 'body_consumed')) return { outcome: 'body_consumed', mend: error.message }
  return { outcome: 'body_unreadable' }
}

function tooSlow(timeoutMs: number): GoodfenceError {
  return new GoodfenceError('body_too_slow', `The body took longer than ${timeoutMs} ms.`, { timeoutMs })
}
