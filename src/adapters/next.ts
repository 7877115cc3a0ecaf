import { type Service } from '../core/service.ts'
import { askWith } from './fetch-request.ts'

const mend =
  'In Next, export the handlers as they are, and read the request nowhere before: not with request.json() in a wrapper or in middleware.'

/** What a route of Next's app router exports. */
export interface RouteHandlers {
  readonly GET: (request: Request) => Promise<Response>
  readonly HEAD: (request: Request) => Promise<Response>
  readonly POST: (request: Request) => Promise<Response>
}

/**
 * A service as the handlers of a route in Next's app router, on the Node runtime. Some providers ask by GET or HEAD whether
 * somebody is there.
 *
 * @example
 * // app/hooks/stripe/route.ts
 * export const { GET, HEAD, POST } = toRouteHandlers(receiver)
 */
export function toRouteHandlers(service: Service): RouteHandlers {
  const handle = (request: Request) => askWith(service, request, mend)
  return { GET: handle, HEAD: handle, POST: handle }
}
