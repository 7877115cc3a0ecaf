import { constants } from 'node:os'
import { Readable } from 'node:stream'
import { type Service } from '../core/service.ts'
import { wire } from '../core/wire.ts'
import { below, type InterceptOptions, overSocket } from './intercepted.ts'
import { noAnswerCodeOf } from './no-answer.ts'
import { loadPeer } from './peer.ts'

/** Requests that reach a service through nock, until they no longer shall. */
export interface NockInterception extends Disposable {
  /** Takes our interceptors out of nock and leaves those of others. */
  remove(): void
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Lets what the application sends to `baseUrl` with any HTTP client reach a service, through nock. Not in one process
 * with MSW: both replace `fetch`.
 *
 * No answer is a transport error with its code; a body that errors is cut off; a service that never
 * settles leaves the request pending. Any other error is a defect, which the caller gets as the cause of its failure.
 */
export async function nockInterceptor(service: Service, options: InterceptOptions): Promise<NockInterception> {
  const { default: nock } = await loadPeer('nock', () => import('nock'))
  const { origin } = new URL(options.baseUrl)
  const isOurs = below(options.baseUrl)
  const reached = wire(service)
  const reply = async (request: Request) => {
    const response = await reached(request).catch((error: unknown) => {
      throw systemError(error)
    })
    const { status, headers, body } = overSocket(response)
    const pairs = [...headers].flat()
    return body === null ? [status, '', pairs] : [status, Readable.fromWeb(body, { objectMode: true }), pairs]
  }
  const interceptors = methods.map((method) =>
    nock(origin)
      .persist()
      .intercept((path) => isOurs(origin + path), method)
      .optionally(),
  )
  for (const interceptor of interceptors) interceptor.reply(reply)
  const remove = () => {
    for (const interceptor of interceptors) nock.removeInterceptor(interceptor)
  }
  return { remove, [Symbol.dispose]: remove }
}

/** What nock lets through as an error of the transport; it tells one by these fields. Other errors stay as they are. */
function systemError(error: unknown): unknown {
  const code = noAnswerCodeOf(error)
  if (code === undefined) return error
  const errno = -(constants.errno[code as keyof typeof constants.errno] ?? 0)
  return Object.assign(new Error(code), { code, errno })
}
