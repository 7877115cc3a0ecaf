import { type IncomingMessage } from 'node:http'
import { joined, tooLarge } from '../core/body.ts'
import { systemClock } from '../core/clock.ts'
import { GoodfenceError, networkError } from '../core/errors.ts'
import { lightHeaders } from '../core/light-headers.ts'
import { lightRequest } from '../core/light.ts'

export interface BodyRules {
  readonly maxBodyBytes: number
  /** @default as long as it takes */
  readonly bodyTimeoutMs?: number | undefined
  /** Ends the reading: the rejection is its reason. @default never */
  readonly signal?: AbortSignal | undefined
}

type Bytes = Uint8Array<ArrayBuffer>

/** Whether a body follows the head (RFC 9112 section 6.3). What follows a GET or HEAD is left alone. */
export function hasBody(incoming: IncomingMessage): boolean {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return false
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}

/** RFC 3986 section 3.2.2, and a port. An empty one would make the first segment of the path the host. */
const isHost = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d*)?$/i

/**
 * What a message of `node:http` asks for; undefined where its host, target or method is none that a request can have.
 * `target` is the path as it was called, where a router has shortened the message's own.
 */
export function requestOf(
  incoming: IncomingMessage,
  body: Bytes | null,
  target = incoming.url ?? '/',
): Request | undefined {
  // All headers as they came: `incoming.headers` drops repeated ones, and with them what a forger sent twice.
  const { method = 'GET', rawHeaders } = incoming
  const headers = lightHeaders()
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string)
  const host = headers.get('host') ?? 'localhost'
  if (!isHost.test(host)) return undefined
  const url = absoluteUrl(incoming, target, host)
  try {
    return lightRequest({ url, method, headers, body })
  } catch {
    return undefined
  }
}

function absoluteUrl(incoming: IncomingMessage, target: string, host: string): string {
  if (target.startsWith('/')) return `${'encrypted' in incoming.socket ? 'https' : 'http'}://${host}${target}`
  // What a proxy is asked for is complete (RFC 9112 section 3.2.2); anything else is not for us.
  return /^https?:\/\//i.test(target) ? target : ''
}

/**
 * Reads the whole body. Rejects with `body_too_large` or `body_too_slow` as soon as that is known, and
 * with a network error when the sender goes away in its middle; with `body_consumed` and how to mend it where someone
 * has read it before and kept no bytes.
 */
export function readBody(incoming: IncomingMessage, rules: BodyRules, mend = mountFirst): Promise<Bytes> {
  const { maxBodyBytes, bodyTimeoutMs, signal } = rules
  const parsed = parsedElsewhere(incoming, maxBodyBytes, mend)
  if (parsed !== undefined) return parsed
  return new Promise((resolve, reject) => {
    const chunks: Bytes[] = []
    let total = 0
    const refuse = (error: unknown) => {
      forget()
      incoming.off('data', onData) // what still comes is thrown away, so that the sender gets to read our answer
      reject(error)
    }
    const onAbort = () => refuse(signal?.reason)
    const cancelTimer =
      bodyTimeoutMs === undefined ? undefined : systemClock.after(bodyTimeoutMs, () => refuse(tooSlow(bodyTimeoutMs)))
    const forget = () => {
      cancelTimer?.()
      signal?.removeEventListener('abort', onAbort)
    }
    const onData = (chunk: Bytes) => {
      total += chunk.byteLength
      if (total > maxBodyBytes) refuse(tooLarge(maxBodyBytes))
      else chunks.push(chunk)
    }
    if (incoming.destroyed) return refuse(networkError('ECONNRESET'))
    if (Number(incoming.headers['content-length']) > maxBodyBytes) return refuse(tooLarge(maxBodyBytes))
    signal?.addEventListener('abort', onAbort, { once: true })
    incoming.on('data', onData)
    incoming.on('end', () => {
      forget()
      resolve(joined(chunks, total))
    })
    incoming.on('error', () => refuse(networkError('ECONNRESET')))
  })
}

/** How to mount a service where a parser may come before it. */
export const mountFirst = 'Mount goodfence before the parser, or let the parser keep the bytes as request.rawBody.'

/** The bytes that a body parser before us has kept; a rejection where it kept only what it made of them. */
function parsedElsewhere(
  incoming: IncomingMessage & { rawBody?: unknown; body?: unknown },
  maxBodyBytes: number,
  mend: string,
): Promise<Bytes> | undefined {
  if (!incoming.readableDidRead) return undefined
  const kept = [incoming.rawBody, incoming.body].find((value) => value instanceof Uint8Array)
  if (kept === undefined) return Promise.reject(consumedBefore(mend))
  return kept.byteLength > maxBodyBytes ? Promise.reject(tooLarge(maxBodyBytes)) : Promise.resolve(new Uint8Array(kept))
}

/** The refusal of a request whose bytes someone else has read and thrown away. */
export function consumedBefore(mend: string): GoodfenceError {
  return new GoodfenceError(
    'body_consumed',
    `A body parser has read this request before goodfence, and the bytes that a signature is made over are gone. ${mend}`,
    { mend },
  )
}

function tooSlow(timeoutMs: number): GoodfenceError {
  return new GoodfenceError('body_too_slow', `The body did not arrive within ${timeoutMs} ms.`, { timeoutMs })
}
