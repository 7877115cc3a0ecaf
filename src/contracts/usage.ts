import { bytesOf } from '../core/body.ts'
import { pathOf } from '../core/record.ts'
import { type Layer, type Service } from '../core/service.ts'

/** One exchange as a consumer really made it. */
export interface UsedExchange {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Headers that say what the bodies are; nothing else is kept. */
  readonly requestType: string | undefined
  readonly requestBody: string
  readonly status: number
  readonly responseType: string | undefined
  readonly responseBody: string
}

/** One event as a consumer really received it. */
export interface UsedMessage {
  readonly type: string
  readonly body: string
}

/** What a consumer uses of its provider, collected from a run. */
export interface Usage {
  readonly exchanges: UsedExchange[]
  readonly messages: UsedMessage[]
}

/** Starts an empty collection. */
export function createUsage(): Usage {
  return { exchanges: [], messages: [] }
}

/** Collects the exchanges of a client. Stands innermost, before the transport; answers stay readable. */
export function recordUsage(usage: Usage): Layer {
  return (next) => async (request, context) => {
    const response = await next(request, context)
    const question = request.url.indexOf('?')
    usage.exchanges.push({
      method: request.method,
      path: pathOf(request.url),
      query: question < 0 ? '' : request.url.slice(question + 1),
      requestType: request.headers.get('content-type') ?? undefined,
      requestBody: decoder.decode(await bytesOf(request)),
      status: response.status,
      responseType: response.headers.get('content-type') ?? undefined,
      responseBody: await response.clone().text(),
    })
    return response
  }
}

/** Collects the events that a webhook receiver takes: those it answers with a 2xx. */
export function recordMessages(usage: Usage, typeOf: (event: unknown) => string): (receiver: Service) => Service {
  return (next) => async (request, context) => {
    const body = decoder.decode(await bytesOf(request))
    const response = await next(request, context)
    if (response.ok) usage.messages.push({ type: typeOf(JSON.parse(body)), body })
    return response
  }
}

const decoder = new TextDecoder()
