import { lookup } from 'node:dns/promises'
import { connect as connectSocket, isIP, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { GoodfenceError } from '../core/errors.ts'

/** Finds every address of a name. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

export interface ConnectionRules {
  readonly mayReach: (address: string) => boolean
  /** @default the system's resolver */
  readonly resolve?: Resolve | undefined
  /** Opens a socket. @default node:net */
  readonly connect?: ((options: TcpNetConnectOpts) => Socket) | undefined
  /** Certificates, in PEM, of authorities to trust. @default those that Node trusts */
  readonly ca?: string | undefined
  readonly signal: AbortSignal
}

/**
 * Opens a connection to the host of an address, which is judged three times: as it is written, as its name
 * resolves, and as the socket says where it went. Until then not a byte is sent, not even of the TLS handshake.
 *
 * Rejects with `address_refused`, with the signal's reason, or with what the system says.
 */
export async function guardedConnection(url: URL, rules: ConnectionRules): Promise<Socket> {
  const { mayReach, resolve = resolveAll, connect = connectSocket, ca, signal } = rules
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const secure = url.protocol === 'https:'
  const port = Number(url.port) || (secure ? 443 : 80)

  const found = isIP(host) === 0 ? await unlessAborted(resolve(host), signal) : [{ address: host, family: isIP(host) }]
  // One address that may not be reached among others is how a rebinding name looks.
  if (!found.every(({ address }) => mayReach(address))) throw refused(host)
  const [first] = found
  if (first === undefined) throw new Error(`${host} has no address.`)

  const socket = connect({
    host,
    port,
    signal,
    autoSelectFamily: true,
    lookup: (_, { all }, done) => (all === true ? done(null, [...found]) : done(null, first.address, first.family)),
  })
  await event(socket, 'connect', signal)
  if (!mayReach(socket.remoteAddress ?? '')) {
    socket.destroy()
    throw refused(host)
  }
  if (!secure) return socket
  const servername = isIP(host) === 0 ? host.replace(/\.$/, '') : ''
  const encrypted = connectTls({ socket, servername, host: servername || host, ...(ca === undefined ? {} : { ca }) })
  await event(encrypted, 'secureConnect', signal)
  return encrypted
}

const resolveAll: Resolve = (host) => lookup(host, { all: true })

function refused(host: string): GoodfenceError {
  const shown = JSON.stringify(host.slice(0, 255))
  return new GoodfenceError('address_refused', `Refused to reach ${shown}: it is not on the public internet.`, { host })
}

/** Resolves when the socket emits `name`; a socket that fails or is given up is closed. */
function event(socket: Socket, name: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => socket.destroy()
    const failed = (error?: Error) => {
      signal.removeEventListener('abort', stop)
      socket.destroy()
      reject(signal.aborted ? signal.reason : (error ?? new Error('The connection was closed.')))
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', () => {}) // one that comes after the event has nobody else to hear it
    socket.once('error', failed).once('close', failed)
    socket.once(name, () => {
      signal.removeEventListener('abort', stop)
      socket.off('error', failed).off('close', failed)
      resolve()
    })
  })
}

function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
