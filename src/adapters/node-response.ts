import { type ServerResponse } from 'node:http'
import { type Socket } from 'node:net'
import { flatHeaders } from '../core/light-headers.ts'
import { lightBodyOf } from '../core/light.ts'

/**
 * Writes a response to the socket. A body in memory leaves in one write with its head; a stream flows as
 * fast as its reader takes it. A stream that errors ends as a connection that breaks after the bytes sent so far.
 */
export function sendResponse(outgoing: ServerResponse, response: Response): void {
  const light = lightBodyOf(response)
  if (light !== undefined || response.body === null) return sendKnown(outgoing, response, light?.known ?? null)
  const reader = response.body.getReader()
  writeHead(outgoing, response, framed(response.headers))
  void pump(outgoing, reader)
}

function sendKnown(outgoing: ServerResponse, response: Response, body: string | Uint8Array | null): void {
  const { status } = response
  const headers = framed(response.headers)
  const length = body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  const declared = response.headers.get('content-length')
  if (declared === null && status !== 204 && status !== 304) headers.push('content-length', `${length}`)
  writeHead(outgoing, response, headers)
  if (body === null || length === 0) outgoing.end()
  else outgoing.end(body)
  // The head promised another length: the connection cannot carry a further answer.
  if (declared !== null && declared !== `${length}` && outgoing.req.method !== 'HEAD') closeAfter(outgoing)
}

async function pump(outgoing: ServerResponse, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const stop = () => void reader.cancel().catch(() => {})
  outgoing.on('error', stop).on('close', stop)
  if (outgoing.req.method === 'HEAD') return void outgoing.end()
  outgoing.flushHeaders()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (outgoing.destroyed) return
      if (done) return void outgoing.end()
      if (!outgoing.write(value)) await writable(outgoing)
    }
  } catch {
    // Behind an answer that is still under way there is no socket yet.
    if (outgoing.socket === null) outgoing.write('', () => closeAfter(outgoing))
    else closeAfter(outgoing)
  }
}

/** Closes the connection after what was written; where a test injects requests there is none, and the answer breaks off. */
function closeAfter(outgoing: ServerResponse): void {
  const socket: Partial<Pick<Socket, 'destroySoon'>> | null = outgoing.socket
  if (socket === null) return
  if (socket.destroySoon !== undefined) socket.destroySoon()
  else if (!outgoing.writableEnded) outgoing.destroy()
}

/** Headers without those that belong to the connection, which node:http keeps itself. */
function framed(headers: Headers): string[] {
  const flat = flatHeaders(headers)
  if (!headers.has('transfer-encoding')) return flat.slice()
  return flat.filter((_, at) => flat[at - (at % 2)] !== 'transfer-encoding')
}

function writeHead(outgoing: ServerResponse, { status, statusText }: Response, headers: string[]): void {
  if (statusText === '') outgoing.writeHead(status, headers)
  else outgoing.writeHead(status, statusText, headers)
}

function writable(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const onReady = () => {
      outgoing.off('drain', onReady).off('close', onReady)
      resolve()
    }
    outgoing.on('drain', onReady).on('close', onReady)
  })
}
