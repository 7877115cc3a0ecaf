import { bytesOf } from '../core/body.ts'
import { lightBodyOf } from '../core/light.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Bodies above this size are not kept. */
const maxBytes = 10 * 2 ** 20

/**
 * The bytes of a request that goes on as it is. Nothing for a body that is too large or breaks off:
 * that is for those to find who are meant to read it.
 */
export async function observeRequest(request: Request): Promise<Bytes | undefined> {
  // What was read through bytesOf is remembered; what is unread must stay so, since `fetch` takes no read request.
  const isRemembered = lightBodyOf(request) !== undefined || request.bodyUsed
  const copy = isRemembered ? request : request.clone()
  return bytesOf(copy, { maxBytes }).catch(() => undefined)
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
  let chunks: Uint8Array[] | undefined = []
  let total = 0
  const body = response.body.pipeThrough(
    new TransformStream<Bytes, Bytes>(
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
    ),
  )
  const { status, statusText, headers } = response
  return new Response(body, { status, statusText, headers })
}

function joined(chunks: readonly Uint8Array[], total: number): Bytes {
  const bytes = new Uint8Array(total)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}
