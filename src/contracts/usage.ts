import { bytesOf } from '../core/body.ts'
import { pathOf } from '../core/record.ts'
import { type Layer, type Service } from '../core/service.ts'
import { observeIncoming, observeRequest, observeResponse } from './observe.ts'

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
  /** Undefined where the consumer did not read it to its end. */
  readonly responseBody: string | undefined
}

/** One event as a consumer really received it. */
export interface UsedMessage {
  readonly type: string
  readonly body: string
}

/**
 * What a consumer uses of its provider, collected from a run. It holds bodies as they were, secrets
 * included, and is for memory only; what is written to disk is the Pact file, which holds none.
 */
export interface Usage {
  readonly exchanges: UsedExchange[]
  readonly messages: UsedMessage[]
}

/** Starts an empty collection. */
export function createUsage(): Usage {
  return { exchanges: [], messages: [] }
}

/**
 * Collects the exchanges of a client that were answered. Stands innermost, before the transport; what
 * passes stays as it was, an answer that drips or breaks off included.
 */
export function recordUsage(usage: Usage): Layer {
  return (next) => async (request, context) => {
    const { request: sent, bytes } = await observeRequest(request)
    const requestBody = decoder.decode(bytes)
    const response = await next(sent, context)
    const question = request.url.indexOf('?')
    const end = request.url.indexOf('#')
    const exchange: UsedExchange = {
      method: request.method,
      path: pathOf(request.url),
      query: question < 0 ? '' : request.url.slice(question + 1, end < 0 ? undefined : end),
      requestType: request.headers.get('content-type') ?? undefined,
      requestBody,
      status: response.status,
      responseType: response.headers.get('content-type') ?? undefined,
      responseBody: undefined,
    }
    const at = usage.exchanges.push(exchange) - 1
    return observeResponse(response, (bytes) => {
      usage.exchanges[at] = { ...exchange, responseBody: decoder.decode(bytes) }
    })
  }
}

/**
 * Collects the events that a webhook receiver takes: those it answers with a 2xx. The receiver reads
 * the request by its own limits, as if nobody listened.
 */
export function recordMessages(usage: Usage, typeOf: (event: unknown) => string): (receiver: Service) => Service {
  return (receiver) => async (request, context) => {
    let bytes: Uint8Array | undefined
    const incoming = observeIncoming(request, (read) => (bytes = read))
    const response = await receiver(incoming, context)
    if (!response.ok) return response
    bytes ??= incoming === request ? await bytesOf(request).catch(() => undefined) : undefined
    const body = decoder.decode(bytes)
    const type = typeIn(body, typeOf)
    if (type !== undefined) usage.messages.push({ type, body })
    return response
  }
}

/** What has no name cannot be asked for, and must not cost the sender its answer. */
function typeIn(body: string, typeOf: (event: unknown) => string): string | undefined {
  try {
    return typeOf(JSON.parse(body))
  } catch {
    return undefined
  }
}

/** A text's value, or undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const decoder = new TextDecoder()
