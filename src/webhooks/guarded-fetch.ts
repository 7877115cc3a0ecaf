import { type IncomingMessage, request as openRequest } from 'node:http'
import { type Socket } from 'node:net'
import { bytesOf, joined, tooLarge } from '../core/body.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { lightResponse, signalOf } from '../core/light.ts'
import { type Service } from '../core/service.ts'
import { addressGuard, type AddressRules } from './address-guard.ts'
import { type ConnectionRules, guardedConnection } from './guarded-connection.ts'

export interface GuardedFetchOptions extends AddressRules, Pick<ConnectionRules, 'resolve' | 'connect' | 'ca'> {
  /** @default ['https:'] */
  readonly protocols?: readonly ('http:' | 'https:')[] | undefined
  /** @default 443 for https and 80 for http */
  readonly ports?: readonly number[] | 'any' | undefined
  /** A larger answer is not read. @default 1 MiB */
  readonly maxBytes?: number | undefined
  /** @default 16 KiB */
  readonly maxHeaderBytes?: number | undefined
  /** From looking up the name to the last byte of the answer. @default 10,000 */
  readonly timeoutMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/**
 * Makes a `fetch` for addresses that a stranger may have named: it reaches public addresses only, follows
 * no redirect, keeps no connection and reads no more than its limits. Proxies of the environment are not used.
 *
 * Rejects with `address_refused` before a byte is sent, with `timeout`, with `body_too_large`, and with the
 * `TypeError` of `fetch` when no answer comes.
 *
 * @example
 * const fetch = guardedFetch({ timeoutMs: 5_000 })
 */
export function guardedFetch(options: GuardedFetchOptions = {}): Service {
  const { resolve, connect, ca, timeoutMs = 10_000, clock = systemClock } = options
  const mayReach = addressGuard(options)
  const limits = { maxBytes: options.maxBytes ?? 2 ** 20, maxHeaderBytes: options.maxHeaderBytes ?? 2 ** 14 }

  return async (request, context) => {
    const url = new URL(request.url)
    requireDoor(url, options)
    const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await bytesOf(request)
    const limit = new AbortController()
    const cancel = clock.after(timeoutMs, () => limit.abort(tooSlow(url.host, timeoutMs)))
    const caller = context?.signal ?? signalOf(request)
    const signal = caller === undefined ? limit.signal : AbortSignal.any([limit.signal, caller])
    try {
      const exchange = guardedConnection(url, { mayReach, resolve, connect, ca, signal }).then((socket) =>
        send(socket, { request, url, body, signal, ...limits }),
      )
      return await clock.hold(exchange)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof GoodfenceError) throw error
      throw new TypeError('fetch failed', { cause: error })
    } finally {
      cancel()
    }
  }
}

/** Refuses what is wrong with the address before anything is looked up. */
function requireDoor({ protocol, port, host }: URL, { protocols = ['https:'], ports }: GuardedFetchOptions): void {
  const known = protocols.some((each) => each === protocol)
  const open = ports === 'any' || (ports === undefined ? port === '' : ports.includes(portOf(protocol, port)))
  if (known && open) return
  const what = known ? `port ${portOf(protocol, port)}` : protocol.slice(0, -1)
  throw new GoodfenceError('address_refused', `Refused to reach ${JSON.stringify(host)} by ${what}.`, { host })
}

function portOf(protocol: string, port: string): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

interface Sending {
  readonly request: Request
  readonly url: URL
  readonly body: Uint8Array | undefined
  readonly signal: AbortSignal
  readonly maxBytes: number
  readonly maxHeaderBytes: number
}

/** Speaks HTTP on a connection that is known to lead where it may. */
function send(socket: Socket, { request, url, body, signal, maxBytes, maxHeaderBytes }: Sending): Promise<Response> {
  const headers: Record<string, string> = {
    ...Object.fromEntries(request.headers),
    host: url.host,
    connection: 'close',
  }
  headers['accept-encoding'] = 'identity'
  delete headers['transfer-encoding']
  if (body !== undefined) headers['content-length'] = `${body.byteLength}`

  return new Promise<Response>((resolve, reject) => {
    const outgoing = openRequest({
      createConnection: () => socket,
      method: request.method,
      path: url.pathname + url.search,
      headers,
      maxHeaderSize: maxHeaderBytes,
      signal,
    })
    outgoing.on('error', reject)
    outgoing.on('upgrade', () => reject(new Error('The answer changes the protocol.')))
    outgoing.on('response', (incoming) => void readAnswer(incoming, maxBytes).then(resolve, reject))
    outgoing.end(body)
  }).finally(() => socket.destroy())
}

async function readAnswer(incoming: IncomingMessage, maxBytes: number): Promise<Response> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    total += chunk.byteLength
    if (total > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  const { statusCode: status = 0, rawHeaders } = incoming
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  return lightResponse(total === 0 ? null : joined(chunks, total), { status, headers })
}

function tooSlow(host: string, timeoutMs: number): GoodfenceError {
  return new GoodfenceError('timeout', `${host} took longer than ${timeoutMs} ms.`, { timeoutMs, phase: 'attempt' })
}
