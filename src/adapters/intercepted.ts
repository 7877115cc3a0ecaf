import { lightBodyOf } from '../core/light.ts'
import { toPlatformResponse } from '../core/platform.ts'

export interface InterceptOptions {
  /** Requests to this URL and below it reach the service, such as `https://api.stripe.com`. */
  readonly baseUrl: string
}

/** Says whether a URL is the base or below it. */
export function below(baseUrl: string): (url: string) => boolean {
  const base = new URL(baseUrl).href.replace(/\/$/, '')
  return (url) => url.startsWith(base) && /^(?:$|[/?#])/.test(url.slice(base.length))
}

/**
 * The answer as it would come over a socket: the platform's own, its length announced where it is known.
 */
export function overSocket(response: Response): Response {
  const light = lightBodyOf(response)
  if (light === undefined) return response.body === null ? response : new Response(headFirst(response.body), response)
  const real = toPlatformResponse(response)
  if (light.knownBytes !== null && !real.headers.has('content-length'))
    real.headers.set('content-length', `${light.knownBytes.byteLength}`)
  return real
}

/**
 * The same stream behind an empty chunk, which makes interceptors send the head at once, as a socket would.
 * Without it a body that errors early takes the head with it.
 */
function headFirst(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(new Uint8Array(0)),
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
