import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Service } from '../core/service.ts'
import { type Host, listenerFor, type ListenerOptions } from './node-listener.ts'

/** A request of Express, as far as it matters here. */
type ExpressRequest = IncomingMessage & {
  /** Where the application was called, before a router took its own path away. */
  readonly originalUrl?: string
}

const express: Host = {
  mend: 'In Express, mount goodfence before app.use(express.json()), or keep the bytes with express.json({ verify: (request, _, bytes) => { request.rawBody = bytes } }).',
  targetOf: (incoming: ExpressRequest) => incoming.originalUrl ?? incoming.url,
}

/**
 * A service as a complete handler for Express 4 and 5: it reads the body itself and always answers. Mount it before
 * any body parser; one that keeps the bytes as `request.rawBody`, or as a Buffer, does no harm.
 *
 * @example
 * app.post('/hooks/stripe', toExpressHandler(receiver))
 * app.use(express.json())
 */
export function toExpressHandler(
  service: Service,
  options: ListenerOptions = {},
): (request: ExpressRequest, response: ServerResponse) => void {
  return listenerFor(service, options, express)
}
