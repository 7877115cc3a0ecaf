import { bytesOf, joined, withBody } from '../core/body.ts'
import { lightBodyOf } from '../core/light.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Answers and events above this size are not kept. */
const maxBytes = 10 * 2 ** 20

/** A request to send, and its bytes; those are missing where someone else has read them. */
export interface Observed {
  readonly request: Request
  readonly bytes: Bytes | undefined
}

/**
 * Reads a request that is about to be sent, and gives one to send with the same bytes. Rejects when the
 * body breaks off, as sending it would.
 */
export async function observeRequest(request: Request): Promise<Observed> {
  // A clone would not do: of two branches of a stream, neither can be given up without the other.
  const isUnread = lightBodyOf(request) === undefined && request.body !== null && !request.bodyUsed
  if (!isUnread) return { request, bytes: await bytesOf(request).catch(() => undefined) }
  const bytes = await bytesOf(request, { maxBytes: Infinity })
  return { request: withBody(request, bytes), bytes }
}

/** A request that came in, to hand on unread, and its bytes once somebody has read the last of them. */
export function observeIncoming(request: Request, onBytes: (bytes: Bytes) => void): Request {
  if (lightBodyOf(request) !== undefined || request.body === null || request.bodyUsed) return request
  const body = request.body.pipeThrough(collector(onBytes))
  // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- the method is the request's own, which has a body
  return new Request(request, { body, duplex: 'half' })
}

/**
 * The answer to hand on, and its bytes once they are known: at once where they are in memory, otherwise
 * when the caller has read the last of them. Nothing is read ahead, so a body that drips, breaks off or
 * is left unread stays all that; `onBytes` then hears nothing.
 */
export async function observeResponse(response: Response, onBytes: (bytes: Bytes) => void): Promise<Response> {
  if (lightBodyOf(response) !== undefined || response.body === null || response.bodyUsed) {
    const bytes = await bytesOf(response, { maxBytes }).catch(() => undefined)
    if (bytes !== undefined) onBytes(bytes)
    return response
  }
  const { status, statusText, headers } = response
  return new Response(response.body.pipeThrough(collector(onBytes)), { status, statusText, headers })
}

/** Lets bytes through as they are asked for, and tells of them all at the end. */
function collector(onBytes: (bytes: Bytes) => void): TransformStream<Bytes, Bytes> {
  let chunks: Uint8Array[] | undefined = []
  let total = 0
  return new TransformStream<Bytes, Bytes>(
    {
      transform(chunk, controller) {
        total += chunk.byteLength
        if (total > maxBytes) chunks = undefined
        chunks?.push(chunk)
        controller.enqueue(chunk)
      },
      flush() {
        if (chunks !== undefined) onBytes(joined(chunks, total))
      },
    },
    undefined,
    { highWaterMark: 0 },
  )
}
