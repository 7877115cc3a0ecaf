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
  return new Response(body, { status: response.status, statusText: response.statusText, headers })
}
