import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Socket } from 'node:net'
import { type BodyLimits, doesReadWithinLimits, readBytesWith } from '../core/body.ts'
import { systemClock } from '../core/clock.ts'
import { isGoodfenceError } from '../core/errors.ts'
import { lightResponse } from '../core/light.ts'
import { type Service } from '../core/service.ts'
import { noAnswerCodeOf } from './no-answer.ts'
import { type BodyRules, hasBody, mountFirst, readBody, requestOf } from './node-request.ts'
import { sendResponse } from './node-response.ts'

export interface ListenerOptions {
  /** A larger body is answered with 413. A webhook receiver keeps to its own limits. @default 10 MiB */
  readonly maxBodyBytes?: number | undefined
  /** A body that takes longer is answered with 408. @default 30,000 */
  readonly bodyTimeoutMs?: number | undefined
  /** Told of what the service throws and no transport would: a defect in it. The caller gets a 500. @default writes to stderr */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** What `node:http`, Express and Connect call for each request. */
export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** How long a sender whose body was refused may go on sending before the connection is closed. */
const lingerMs = 1_000

/** What a framework around `node:http` does its own way. */
export interface Host {
  /** How to mount a service there so that no parser comes before it. */
  readonly mend: string
  /** The path as it was called. */
  readonly targetOf: (incoming: IncomingMessage) => string | undefined
}

const plainNode: Host = { mend: mountFirst, targetOf: ({ url }) => url }

/**
 * Mounts a service on `node:http`. What is no answer in process is none here: a rejection with the error of `fetch` resets
 * the connection, a body that errors breaks it off, a service that never settles leaves it open.
 *
 * The caller going away does not abort the service, which finishes what it began. Bodies are read whole before the
 * service is asked, except for a webhook receiver, which reads within its own limits.
 *
 * @example
 * createServer(toNodeListener(receiver)).listen(3000)
 */
export function toNodeListener(service: Service, options: ListenerOptions = {}): NodeListener {
  return listenerFor(service, options, plainNode)
}

/** Mounts a service where a framework hands out the messages of `node:http`. */
export function listenerFor(service: Service, options: ListenerOptions, { mend, targetOf }: Host): NodeListener {
  const { maxBodyBytes = 10 * 2 ** 20, bodyTimeoutMs = 30_000, onError = console.error } = options
  const rules = { maxBodyBytes, bodyTimeoutMs }
  const readsItself = doesReadWithinLimits(service)

  return (incoming, outgoing) => {
    const linger = () => {
      if (!incoming.complete) systemClock.after(lingerMs, () => incoming.complete || close(incoming, outgoing))
    }
    const answer = (response: Response) => {
      if (outgoing.destroyed) return void response.body?.cancel().catch(() => {})
      try {
        if (readsItself) linger()
        sendResponse(outgoing, response)
      } catch (error) {
        fail(error)
      }
    }
    const fail = (error: unknown) => {
      const code = noAnswerCodeOf(error)
      const refusal = code === undefined ? refusalOf(error) : undefined
      if (code === undefined && (refusal === undefined || refusal.status === 500)) onError(error)
      if (code !== undefined || outgoing.destroyed || outgoing.headersSent) return breakOff(incoming, outgoing, code)
      linger()
      sendResponse(outgoing, refusal ?? textResponse(500, 'The service behind this server failed.'))
    }
    const ask = (body: Uint8Array<ArrayBuffer> | null, isAwaited: boolean) => {
      try {
        const request = requestOf(incoming, body, targetOf(incoming))
        if (request === undefined) return answer(malformed(incoming))
        if (isAwaited) readBytesWith(request, (limits) => readBody(incoming, rulesOf(limits), mend))
        service(request).then(answer, fail)
      } catch (error) {
        fail(error) // a service that throws before it gives a promise
      }
    }
    if (!hasBody(incoming)) ask(null, false)
    else if (readsItself) ask(null, true)
    else readBody(incoming, rules, mend).then((body) => ask(body, false), fail)
  }
}

/** The limits of who asks for a body, as a reader of `node:http` takes them. */
function rulesOf({ maxBytes = 10 * 2 ** 20, signal }: BodyLimits): BodyRules {
  return { maxBodyBytes: maxBytes, signal }
}

function breakOff(incoming: IncomingMessage, outgoing: ServerResponse, code: string | undefined): void {
  const { socket }: Connection = incoming
  if (code === 'ECONNRESET' && socket.resetAndDestroy !== undefined) socket.resetAndDestroy()
  else close(incoming, outgoing)
}

/** A request that a test injects, as Fastify's do, comes over no connection: there the answer is all that can end. */
interface Connection {
  readonly socket: Partial<Pick<Socket, 'destroy' | 'resetAndDestroy'>>
}

function close({ socket }: Connection, outgoing: ServerResponse): void {
  if (socket.destroy !== undefined) socket.destroy()
  else if (!outgoing.writableEnded) outgoing.destroy()
}

function refusalOf(error: unknown): Response | undefined {
  if (isGoodfenceError(error, 'body_too_large')) return textResponse(413, error.message)
  if (isGoodfenceError(error, 'body_too_slow')) return textResponse(408, error.message)
  // A mistake in how the server was put together: whoever tries it out should read why.
  if (isGoodfenceError(error, 'body_consumed')) return textResponse(500, error.message)
  return undefined
}

function malformed({ method = '' }: IncomingMessage): Response {
  if (!/^(?:TRACE|TRACK|CONNECT)$/i.test(method))
    return textResponse(400, 'The URL of this request cannot be read: its target or its Host header is malformed.')
  return textResponse(405, `${method} is not served here.`, { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' })
}

function textResponse(status: number, text: string, headers: Record<string, string> = {}): Response {
  return lightResponse(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } })
}
