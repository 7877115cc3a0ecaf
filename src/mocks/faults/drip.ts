import { bytesOf } from '../../core/body.ts'
import { type Clock } from '../../core/clock.ts'
import { type Inject } from './fault.ts'
import { withBody } from './reply.ts'

export interface Drip {
  readonly kind: 'drip'
  readonly bytesPerSecond: number
}

/** Lets the provider act, sends the headers at once and the body in a thin trickle, about ten times a second. */
export const drip: Inject<Drip> =
  ({ bytesPerSecond }, { clock }) =>
  (next) =>
  async (request, context) => {
    const response = await next(request, context)
    const bytes = await bytesOf(response)
    if (bytes.byteLength === 0) return response
    return withBody(response, trickle(bytes, bytesPerSecond, clock), bytes.byteLength)
  }

function trickle(bytes: Uint8Array<ArrayBuffer>, bytesPerSecond: number, clock: Clock) {
  const chunkBytes = Math.max(1, Math.round(bytesPerSecond / 10))
  let at = 0
  let cancelTimer = () => {}
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const chunk = bytes.slice(at, at + chunkBytes)
        return new Promise((resolve) => {
          cancelTimer = clock.after((chunk.byteLength * 1_000) / bytesPerSecond, () => {
            at += chunk.byteLength
            controller.enqueue(chunk)
            if (at === bytes.byteLength) controller.close()
            resolve()
          })
        })
      },
      cancel: () => cancelTimer(),
    },
    { highWaterMark: 0 },
  )
}
