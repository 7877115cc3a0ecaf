import { createServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, isIPv6, type Socket } from 'node:net'
import { systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Service } from '../core/service.ts'
import { type ListenerOptions, toNodeListener } from './node-listener.ts'

export { type ListenerOptions, type NodeListener, toNodeListener } from './node-listener.ts'

export interface ServeOptions extends ListenerOptions {
  /** 0 takes any free port. @default 0 */
  readonly port?: number | undefined
  /** Anything but loopback can be reached by others on the network. @default '127.0.0.1' */
  readonly host?: string | undefined
  /** A head that takes longer is answered with 408. @default 10,000 */
  readonly headersTimeoutMs?: number | undefined
  /** A larger head is answered with 431. @default 16 KiB */
  readonly maxHeaderBytes?: number | undefined
  /** How long an idle connection stays open. @default 5,000 */
  readonly keepAliveMs?: number | undefined
  /** How long `close` waits for answers under way before it breaks them off. @default 100 */
  readonly closeGraceMs?: number | undefined
}

/** A service that listens on a port, until it is closed. */
export interface Server extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:4010`. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Ends idle connections at once and the others after a short grace. */
  close(): Promise<void>
}

/** Serves on a port. Rejects with `port_taken` when another process has it, with `environment` when the host cannot be listened on. */
export async function serve(service: Service, options: ServeOptions = {}): Promise<Server> {
  const { host = '127.0.0.1', closeGraceMs = 100, bodyTimeoutMs = 30_000 } = options
  const { headersTimeoutMs = 10_000, maxHeaderBytes = 16 * 1024, keepAliveMs = 5_000 } = options
  const listener = toNodeListener(service, { ...options, bodyTimeoutMs })
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: headersTimeoutMs + 2 * bodyTimeoutMs, // the listener's own limit strikes first
      connectionsCheckingInterval: Math.min(headersTimeoutMs, 1_000),
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: keepAliveMs,
    },
    listener,
  )
  // Without a listener Node would close the connection without a word.
  server.on('connect', (_, socket: Socket) => refuseTunnel(socket))
  await listen(server, host, options.port ?? 0)
  const { port } = server.address() as AddressInfo

  let closed: Promise<void> | undefined
  const close = () => (closed ??= closeServer(server, closeGraceMs))
  return { url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}`, host, port, close, [Symbol.asyncDispose]: close }
}

/** The socket is ours alone from here on: Node neither hears its errors nor closes it with the server. */
function refuseTunnel(socket: Socket): void {
  socket.on('error', () => {})
  socket.write('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  socket.destroySoon()
}

function listen(server: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): GoodfenceError {
  if (error.code === 'EADDRINUSE') {
    return new GoodfenceError(
      'port_taken',
      `Port ${port} of ${host} is taken. Stop what listens there, or choose another port; 0 takes any free one.`,
      { host, port },
      { cause: error },
    )
  }
  const mend =
    error.code === 'EACCES' ? 'choose a port above 1023' : 'choose a host address of this machine, such as 127.0.0.1'
  return new GoodfenceError(
    'environment',
    `Cannot listen on ${host}:${port} (${error.code}): ${mend}.`,
    { mend },
    { cause: error },
  )
}

function closeServer(server: HttpServer, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = systemClock.after(graceMs, () => server.closeAllConnections())
    server.close(() => {
      cancel()
      resolve()
    })
  })
}
