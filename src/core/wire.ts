import { bytesOf, discard } from './body.ts'
import { lightBodyOf, lightRequest, signalOf } from './light.ts'
import { type Service } from './service.ts'

/**
 * Joins a client to a mock in the same process and does what a socket does: hands over a copy of the
 * request without the caller's context, rejects the caller as soon as its signal aborts, and lets the
 * mock finish what it began. The caller's impatience never undoes an effect.
 */
export function wire(mock: Service): Service {
  return async (request, context) => {
    const signal = context?.signal ?? signalOf(request)
    signal?.throwIfAborted()
    const body = lightBodyOf(request)?.known ?? (request.body === null ? null : await bytesOf(request, { signal }))
    signal?.throwIfAborted()
    const { method, url, headers } = request
    const answer = mock(lightRequest({ method, url, headers, body }))
    if (signal === undefined) return answer
    answer.catch(() => {}) // the caller may be gone by then; the failure is the mock's own to journal
    return abortable(answer, signal)
  }
}

/** The answer, or the signal's reason in the same turn in which it aborts, also in the middle of the body. */
function abortable(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    answer.then(
      (response) => {
        if (signal.aborted) return void discard(response).catch(() => {}) // the caller has gone
        signal.removeEventListener('abort', onAbort)
        resolve(
          lightBodyOf(response) === undefined && response.body !== null
            ? withAbort(response, response.body, signal)
            : response,
        )
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort)
        reject(error)
      },
    )
  })
}

function withAbort(response: Response, body: ReadableStream<Uint8Array>, signal: AbortSignal): Response {
  const reader = body.getReader()
  let onAbort: () => void
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort = () => {
        controller.error(signal.reason)
        reader.cancel(signal.reason).catch(() => {})
      }
      signal.addEventListener('abort', onAbort, { once: true })
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (signal.aborted) return
        if (!done) return controller.enqueue(value)
        controller.close()
      } catch (error) {
        controller.error(error)
      }
      signal.removeEventListener('abort', onAbort)
    },
    cancel(reason) {
      signal.removeEventListener('abort', onAbort)
      return reader.cancel(reason)
    },
  })
  return new Response(stream, { status: response.status, statusText: response.statusText, headers: response.headers })
}
