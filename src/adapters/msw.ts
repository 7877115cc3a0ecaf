import { type HttpHandler } from 'msw'
import { type Service } from '../core/service.ts'
import { wire } from '../core/wire.ts'
import { below, type InterceptOptions, overSocket } from './intercepted.ts'
import { noAnswerCodeOf } from './no-answer.ts'
import { loadPeer } from './peer.ts'

/**
 * A service as handlers for MSW's `setupServer`: what the application sends to `baseUrl` with any HTTP
 * client reaches it. Not in one process with nock: both replace `fetch`.
 *
 * No answer is MSW's network error, which carries no code; a body that errors is cut off; a service that
 * never settles leaves the request pending. Any other error is a defect: MSW shows it and answers 500.
 *
 * @example
 * const server = setupServer(...(await mswHandlers(mock, { baseUrl: 'https://api.stripe.com' })))
 */
export async function mswHandlers(service: Service, options: InterceptOptions): Promise<HttpHandler[]> {
  const { http, HttpResponse } = await loadPeer('msw', () => import('msw'))
  const isOurs = below(options.baseUrl)
  const reached = wire(service)
  const handler = http.all(
    ({ request }) => isOurs(request.url),
    ({ request }) =>
      reached(request).then(
        (response) => overSocket(response),
        (error: unknown) => {
          // A caller that has gone away is told nothing; MSW would print the error of its abort.
          if (!request.signal.aborted && noAnswerCodeOf(error) === undefined) throw error
          return HttpResponse.error()
        },
      ),
  )
  return [handler]
}
