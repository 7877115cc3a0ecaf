import { bytesOf } from './body.ts'
import { type Service } from './service.ts'

/**
 * Joins a client to a mock in the same process and does what a socket does: hands over a copy of the
 * request without the caller's context, rejects the caller as soon as its signal aborts, and lets the
 * mock finish what it began. The caller's impatience never undoes an effect.
 */
export function wire(mock: Service): Service {
  return async (request, context) => {
    const signal = context?.signal ?? request.signal
    signal.throwIfAborted()
    const copy = await detached(request)
    signal.throwIfAborted()
    const answer = mock(copy)
    answer.catch(() => {}) // the caller may be gone by then; the failure is the mock's own to journal
    return abortable(answer, signal)
  }
}

async function detached(request: Request): Promise<Request> {
  const { method, url, headers } = request
  if (request.body === null) return new Request(url, { method, headers })
  return new Request(url, { method, headers, body: await bytesOf(request) })
}

/** The answer, or the signal's reason in the same turn in which it aborts, also in the middle of the body. */
function abortable(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    answer
      .then(
        (response) => resolve(response.body === null ? response : withAbort(response, response.body, signal)),
        reject,
      )
      .finally(() => signal.removeEventListener('abort', onAbort))
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
      const { done, value } = await reader.read()
      if (signal.aborted) return
      if (!done) return controller.enqueue(value)
      signal.removeEventListener('abort', onAbort)
      controller.close()
    },
    cancel(reason) {
      signal.removeEventListener('abort', onAbort)
      return reader.cancel(reason)
    },
  })
  return new Response(stream, { status: response.status, statusText: response.statusText, headers: response.headers })
}
