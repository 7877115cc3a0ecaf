import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

/** A server that hands the platform's own requests to a handler, unread, as the runtimes of Hono and Next do. */
export async function servePlatform(
  handle: (request: Request) => Promise<Response> | Response,
): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    const headers = new Headers()
    const { rawHeaders: raw, method = 'GET', url = '/' } = incoming
    for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] as string, raw[at + 1] as string)
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream) : null
    const request = new Request(`http://${headers.get('host')}${url}`, { method, headers, body, duplex: 'half' })
    void Promise.resolve(handle(request)).then(async (response) => {
      outgoing.writeHead(response.status, [...response.headers].flat())
      outgoing.end(Buffer.from(await response.arrayBuffer()))
    })
  })
  return listening(server)
}

export interface RunningServer {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Lets a server of `node:http` listen on a free port. */
export async function listening(server: Server): Promise<RunningServer> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
