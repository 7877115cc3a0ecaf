import { type IncomingMessage } from 'node:http'
import { type FastifyPluginCallback, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Service } from '../core/service.ts'
import { type Host, listenerFor, type ListenerOptions } from './node-listener.ts'

const fastify: Host = {
  mend: 'In Fastify, register goodfence before any onRequest hook that reads the request, or let that hook keep the bytes as request.raw.rawBody.',
  // Where an application rewrites addresses, this is how it was called.
  targetOf: (incoming: IncomingMessage & { readonly originalUrl?: string }) => incoming.originalUrl ?? incoming.url,
}

/**
 * A service as a plugin for Fastify 5, for everything below the prefix that it is registered with. It takes requests
 * before Fastify parses them, so that content-type parsers and hooks that change bodies, wherever they are, are neither
 * used nor changed.
 *
 * @example
 * app.register(toFastifyPlugin(receiver), { prefix: '/hooks/stripe' })
 */
export function toFastifyPlugin(service: Service, options: ListenerOptions = {}): FastifyPluginCallback {
  const listener = listenerFor(service, options, fastify)
  return (app, _, done) => {
    const onRequest = (request: FastifyRequest, reply: FastifyReply) => {
      reply.hijack()
      listener(request.raw, reply.raw)
    }
    const route = { method: [...app.supportedMethods], onRequest, handler: () => {} }
    app.route({ ...route, url: '' })
    app.route({ ...route, url: '/*' })
    done()
  }
}
