import { createConnection, type Socket } from 'node:net'
import { stripe } from '../src/providers/stripe.ts'
import { sign } from '../src/webhooks/signature.ts'

export const benchSecret = 'whsec_bench'

/** A payload of two kilobytes, as providers send them. */
export function payload(id: string): Buffer<ArrayBuffer> {
  const head = `{"id":"${id}","object":"event","created":1767225600,"type":"payment_intent.succeeded","data":{"object":{`
  return Buffer.from(`${head}"id":"pi_${id}","description":"${'x'.repeat(2_048 - head.length - id.length - 26)}"}}}`)
}

/** What goes over the wire for so many deliveries, each with an id and a signature of its own. */
export function signedRequests(url: string, prefix: string, count: number): Buffer[] {
  const { host } = new URL(url)
  const timestampMs = Date.now()
  return Array.from({ length: count }, (_, index) => {
    const body = payload(`evt_${prefix}_${index}`)
    const headers = { ...sign(stripe.webhooks.scheme, { secret: benchSecret, body, timestampMs }).headers }
    const lines = Object.entries({ host, 'content-length': String(body.length), ...headers })
    const head = `POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    return Buffer.concat([Buffer.from(head), body])
  })
}

export interface Load {
  readonly perSecond: number
  /** How long each delivery took, in milliseconds. */
  readonly latenciesMs: readonly number[]
}

/**
 * Sends every request over so many connections, each with one at a time, as fast as answers come. Anything but 200 makes
 * the figure worthless, so it is an error. A client of its own, since others cost as much as what is measured.
 */
export async function deliver(url: string, requests: readonly Buffer[], connections: number): Promise<Load> {
  const { hostname, port } = new URL(url)
  const latenciesMs: number[] = []
  let next = 0

  function run(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentMs = 0
      let answer = ''
      const send = () => {
        const request = requests[next++]
        if (request === undefined) return void socket.end(resolve)
        sentMs = performance.now()
        socket.write(request)
      }
      socket.on('error', reject)
      socket.on('connect', send)
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1')
        const end = answer.indexOf('\r\n\r\n')
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1])
        if (end < 0 || answer.length < end + 4 + length) return
        if (!answer.startsWith('HTTP/1.1 200')) return reject(new Error(`Not accepted: ${answer}`))
        latenciesMs.push(performance.now() - sentMs)
        answer = ''
        send()
      })
    })
  }

  const startedMs = performance.now()
  await Promise.all(
    Array.from({ length: connections }, () =>
      run(createConnection({ host: hostname, port: Number(port), noDelay: true })),
    ),
  )
  return { perSecond: (requests.length * 1_000) / (performance.now() - startedMs), latenciesMs }
}
