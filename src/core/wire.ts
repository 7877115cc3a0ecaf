import { bytesOf, discard } from './body.ts'
import { lightBodyOf, lightRequest, signalOf } from './light.ts'
import { toPlatformRequest } from './platform.ts'
import { type Context, type Service } from './service.ts'

/** A service that also takes what the platform's `fetch` takes, for code that expects a `fetch`. */
export type Fetch = Service & typeof fetch

/**
 * Joins a client to a mock in the same process and does what a socket does: hands over a copy of the
 * request without the caller's context, rejects the caller as soon as its signal aborts, and lets the
 * mock finish what it began. The caller's impatience never undoes an effect.
 *
 * The result is a service, and a `fetch`: an address with an init does as well as a request.
 */
export function wire(mock: Service): Fetch {
  return async (input: Parameters<typeof fetch>[0], context?: Context | RequestInit) => {
    const request = requestOf(input, context)
    const onAbort = abortOf(request, context)
    const signal = () => context?.signal ?? signalOf(request)
    const body =
      lightBodyOf(request)?.known ??
      (request.body === null ? null : await bytesOf(request, { signal: signal() ?? undefined }))
    const { method, url, headers } = request
    const send = () => mock(lightRequest({ method, url, headers, body }))
    return onAbort === undefined ? send() : abortable(send, onAbort, signal)
  }
}

type OnAbort = (callback: (reason: unknown) => void) => () => void

/** How to hear that the caller gives up; none when he never will. */
function abortOf(request: Request, context: Context | RequestInit | undefined): OnAbort | undefined {
  if (context !== undefined && 'onAbort' in context)
    return (callback) => (context as Required<Context>).onAbort(callback)
  const signal = context?.signal ?? signalOf(request)
  if (signal === undefined) return undefined
  return (callback) => {
    const onAbort = () => callback(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    return () => signal.removeEventListener('abort', onAbort)
  }
}

/** A request is taken as it is, unless the init makes another one of it. */
function requestOf(input: Parameters<typeof fetch>[0], init: Context | RequestInit = {}): Request {
  if (typeof input === 'string' || input instanceof URL) return new Request(input, init)
  return 'method' in init || 'headers' in init || 'body' in init ? new Request(toPlatformRequest(input), init) : input
}

/** The answer, or the signal's reason in the same turn in which it aborts, also in the middle of the body. */
function abortable(
  send: () => Promise<Response>,
  onAbort: OnAbort,
  signalOf: () => AbortSignal | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let gone = false
    const leave = onAbort((reason) => {
      gone = true
      reject(reason)
    })
    if (gone) return
    send().then(
      (response) => {
        if (gone) return void discard(response).catch(() => {}) // the caller has gone
        leave()
        const signal = lightBodyOf(response) === undefined && response.body !== null ? signalOf() : undefined
        resolve(signal === undefined || response.body === null ? response : withAbort(response, response.body, signal))
      },
      (error: unknown) => {
        leave() // the caller may be gone by then; the failure is the mock's own to journal
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
