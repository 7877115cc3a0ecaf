import { bytesOf } from '../../core/body.ts'
import { networkError } from '../../core/errors.ts'
import { type Inject } from './fault.ts'
import { withBody } from './reply.ts'

export interface TruncatedBody {
  readonly kind: 'truncated-body'
  /** How many bytes still arrive; at least the last one is always lost. @default half of the body */
  readonly afterBytes?: number
}

/** Lets the provider act and cuts the connection in the middle of the body. An answer without a body passes whole. */
export const truncatedBody: Inject<TruncatedBody> =
  ({ afterBytes }) =>
  (next) =>
  async (request, context) => {
    const response = await next(request, context)
    const bytes = await bytesOf(response)
    if (bytes.byteLength === 0) return response
    const arriving = Math.min(afterBytes ?? bytes.byteLength >> 1, bytes.byteLength - 1)
    return withBody(response, cut(bytes.slice(0, arriving)), bytes.byteLength)
  }

/** Brings `bytes`, then breaks off. */
function cut(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = bytes.byteLength === 0
  return new ReadableStream(
    {
      // An error throws away what is queued, so it waits until the bytes have been taken.
      pull(controller) {
        if (sent) return controller.error(networkError('UND_ERR_SOCKET', 'terminated'))
        sent = true
        controller.enqueue(bytes)
      },
    },
    { highWaterMark: 0 },
  )
}
