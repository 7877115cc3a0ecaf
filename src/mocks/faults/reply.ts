import { lightResponse } from '../../core/light.ts'

/**
 * The same answer with another body. `length` is what the headers promise, where that is not what the
 * body will bring.
 */
export function withBody(
  response: Response,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
  length: number,
): Response {
  const headers = new Headers(response.headers)
  headers.set('content-length', `${length}`)
  const { status, statusText } = response
  const init = { status, statusText, headers }
  return body instanceof ReadableStream ? new Response(body, init) : lightResponse(body, init)
}
