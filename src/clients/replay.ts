import { bytesOf, withBody } from '../core/body.ts'
import { lightBodyOf, lightRequest, signalOf } from '../core/light.ts'

/** The same request for each attempt of a call. */
export interface Replay {
  /** What the next attempt sends: its body is unread, its headers are its own. */
  take(): Request
}

const originals = new WeakMap<Request, Request>()

/** Whether a request has a body; one without is repeatable as it is. */
export function hasBody(request: Request): boolean {
  const light = lightBodyOf(request)
  return light === undefined ? request.body !== null : light.known !== null
}

/**
 * Makes a request with a body repeatable. The body is read once, up to the limit of `bytesOf`, and sent again byte for
 * byte; where it is in memory, nothing is read.
 */
export async function replayable(request: Request): Promise<Replay> {
  const light = lightBodyOf(request)
  const bytes = light === undefined ? await bytesOf(request) : undefined
  let first = light === undefined ? undefined : request
  return {
    take() {
      const copy = first ?? (bytes === undefined ? lightCopy(request) : withBody(request, bytes))
      first = undefined
      if (copy !== request) originals.set(copy, originalOf(request))
      return copy
    },
  }
}

function lightCopy(request: Request): Request {
  const { url, method, headers } = request
  return lightRequest({ url, method, headers, body: lightBodyOf(request)?.known, signal: signalOf(request) })
}

/**
 * The same request as one of the call's own: what is set on it stays out of the caller's, who may send his again. As
 * with `fetch`, a stream in the caller's is spent; where it was read before, his request itself goes on.
 */
export function ownRequest(request: Request): Request {
  if (lightBodyOf(request) !== undefined) return lightCopy(request)
  return request.bodyUsed ? request : new Request(request)
}

/** The request that the call began with, whichever attempt's copy is at hand. */
export function originalOf(request: Request): Request {
  return originals.get(request) ?? request
}
