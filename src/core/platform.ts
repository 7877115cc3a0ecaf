import { lightBodyOf, signalOf } from './light.ts'
import { type Service } from './service.ts'

/** The platform's own request for a light one, for code that takes no other: `fetch`, MSW, a framework. */
export function toPlatformRequest(request: Request): Request {
  const body = lightBodyOf(request)
  if (body === undefined) return request
  const { url, method, headers } = request
  const signal = signalOf(request)
  return new Request(url, { method, headers, body: body.known, ...(signal === undefined ? {} : { signal }) })
}

/** The platform's own response for a light one. */
export function toPlatformResponse(response: Response): Response {
  const body = lightBodyOf(response)
  if (body === undefined) return response
  const { status, statusText, headers } = response
  return new Response(body.known, { status, statusText, headers })
}

/** The global `fetch` of the moment, whoever has replaced it, as a service that takes light requests too. */
export const platformFetch: Service = (request, context) => fetch(toPlatformRequest(request), context)
