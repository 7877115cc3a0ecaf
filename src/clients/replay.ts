import { bytesOf, rememberBytes } from '../core/body.ts'
import { lightBodyOf, lightRequest, signalOf } from '../core/light.ts'

/** The same request for each attempt of a call. */
export interface Replay {
  /** What the next attempt sends: its body is unread, its headers are its own. */
  take(): Request
}

const originals = new WeakMap<Request, Request>()

/**
 * Makes a request repeatable. A body is read once, up to the limit of `bytesOf`, and sent again byte for
 * byte; what has none, or has it in memory, is at hand as it is.
 */
export function replayable(request: Request): Replay | Promise<Replay> {
  const light = lightBodyOf(request)
  if (light === undefined) return request.body === null ? { take: () => request } : rebuilt(request)
  if (light.known === null) return { take: () => request }
  let first: Request | undefined = request
  return {
    take() {
      const { url, method, headers } = request
      const copy = first ?? lightRequest({ url, method, headers, body: light.known, signal: signalOf(request) })
      if (first === undefined) originals.set(copy, originalOf(request))
      first = undefined
      return copy
    },
  }
}

async function rebuilt(request: Request): Promise<Replay> {
  const bytes = await bytesOf(request)
  return {
    take() {
      // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- the method is the request's own, which has a body
      const copy = new Request(request, { body: bytes })
      rememberBytes(copy, bytes)
      originals.set(copy, originalOf(request))
      return copy
    },
  }
}

/** The request that the call began with, whichever attempt's copy is at hand. */
export function originalOf(request: Request): Request {
  return originals.get(request) ?? request
}
