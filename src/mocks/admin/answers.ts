import { GoodfenceError, isGoodfenceError } from '../../core/errors.ts'
import { lightResponse } from '../../core/light.ts'

/** Nothing here is for caches, and nothing is anything but what it says it is. */
const headers = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** A value as the answer. */
export function answer(value: unknown, status = 200): Response {
  return lightResponse(`${JSON.stringify(value)}\n`, { status, headers })
}

/** Done, and nothing to say about it. */
export function done(): Response {
  return lightResponse(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}

/** A refusal: what happened, and what to do about it. */
export function refuse(
  status: number,
  code: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  return lightResponse(`${JSON.stringify({ error: { code, message } })}\n`, {
    status,
    headers: { ...headers, ...more },
  })
}

/** The answer to a failure of ours; anything else is thrown on. */
export function refuseFor(error: unknown): Response {
  if (!isGoodfenceError(error)) throw error
  return refuse(statuses[error.code] ?? 400, error.code, error.message)
}

const statuses: Partial<Record<GoodfenceError['code'], number>> = {
  body_too_large: 413,
  body_too_slow: 408,
  internal: 500,
}
