import { hash } from 'node:crypto'
import { createServer, request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import express from 'express'
import express4 from 'express4'
import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'
import { afterEach, describe, expect, test } from 'vitest'
import { toExpressHandler } from '../../src/adapters/express.ts'
import { toFastifyPlugin } from '../../src/adapters/fastify.ts'
import { toHonoHandler } from '../../src/adapters/hono.ts'
import { toRouteHandlers } from '../../src/adapters/next.ts'
import { toNodeListener } from '../../src/adapters/node-listener.ts'
import { serve } from '../../src/adapters/node-server.ts'
import { type Service } from '../../src/core/service.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { msteamsOutgoing } from '../../src/providers/webhooks/msteams.ts'
import { type ReceiverLine, type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { listening, type RunningServer, servePlatform } from '../support/platform-server.ts'

const secret = 'whsec_adapters0123456789'
const path = '/hooks/stripe'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** What became of one delivery, as its sender and the receiver's owner see it. */
interface Receipt {
  readonly status: number
  readonly body: unknown
  readonly cacheControl: string | null
  readonly lines: readonly ReceiverLine[]
  readonly stored: readonly { readonly state: string; readonly eventId: string; readonly bytes: string }[]
}

function makeReceiver(options: Partial<ReceiverOptions> = {}) {
  const inbox = createMemoryInbox()
  const lines: ReceiverLine[] = []
  const log = (line: ReceiverLine) => void lines.push(line)
  const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox, path, log, ...options })
  const receiptOf = async (status: number, body: string, cacheControl: string | null): Promise<Receipt> => ({
    status,
    body: JSON.parse(body),
    cacheControl,
    lines,
    stored: (await inbox.inspect()).events.map(({ state, eventId, body: bytes }) => ({
      state,
      eventId,
      bytes: bytes.length > 1_000 ? hash('sha256', bytes) : Buffer.from(bytes).toString('latin1'),
    })),
  })
  return { receiver, lines, receiptOf }
}

/** One delivery as it goes over the wire. */
interface Sent {
  readonly method?: string
  readonly body: Uint8Array<ArrayBuffer>
  /** Names and values in turn, as they are written. */
  readonly headers: readonly string[]
  readonly chunked?: true
}

const event = (more: object = {}) => JSON.stringify({ id: 'evt_1', type: 'a', ...more })
const bytesOf = (text: string) => Buffer.from(text) as Uint8Array<ArrayBuffer>

function signed(body: Uint8Array<ArrayBuffer>, with_ = secret): string[] {
  const { headers } = sign(stripe.webhooks.scheme, { secret: with_, body, timestampMs: Date.now() })
  return ['Content-Type', 'application/json', ...Object.entries(headers).flat()]
}

function delivery(body: string | Uint8Array<ArrayBuffer>, ...more: string[]): Sent {
  const bytes = typeof body === 'string' ? bytesOf(body) : body
  return { body: bytes, headers: [...signed(bytes), ...more] }
}

const plain = delivery(event())
/** Signed in the Authorization header, of which Node shows only the first. */
const byAuthorization = (secrets: readonly string[]): Sent => ({
  body: plain.body,
  headers: secrets.flatMap((each) =>
    Object.entries(
      sign(msteamsOutgoing.webhooks.scheme, { secret: each, body: plain.body, timestampMs: 0 }).headers,
    ).flat(),
  ),
})
const [rightKey, wrongKey] = ['cmlnaHQga2V5IG9mIHRlYW1z', 'd3Jvbmcga2V5IG9mIHRlYW1z'] as const
const teams: Partial<ReceiverOptions> = { provider: msteamsOutgoing, secrets: [rightKey] }
const large = delivery(event({ filler: 'ü'.repeat(12.5 * 2 ** 20) }))

const cases: readonly (readonly [string, Sent, Partial<ReceiverOptions>?])[] = [
  ['JSON', plain],
  [
    'JSON that changes when it is printed again',
    delivery('{"id":"evt_1","type":"a","n":1.0,"big":12345678901234567890}\n'),
  ],
  ['bytes that are no UTF-8', delivery(Uint8Array.of(0x7b, 0xff, 0xfe, 0x00))],
  ['a body in chunks', { ...plain, chunked: true }],
  ['25 MB where so much is allowed', large, { maxBytes: 30 * 2 ** 20 }],
  ['25 MB where it is not', large],
  ['25 MB in chunks where it is not', { ...large, chunked: true }],
  ['an empty body', delivery('')],
  ['an empty body in chunks', { ...delivery(''), chunked: true }],
  [
    'a signature header that comes twice',
    { body: plain.body, headers: [...signed(plain.body, 'whsec_forged'), ...signed(plain.body)] },
  ],
  ['an Authorization header', byAuthorization([rightKey]), teams],
  ['an Authorization header that comes twice', byAuthorization([rightKey, wrongKey]), teams],
  ['no signature', { body: plain.body, headers: ['Content-Type', 'application/json'] }],
  ['a sender that asks before it sends', delivery(event(), 'Expect', '100-continue')],
  ['gzip', { body: gzipSync(plain.body), headers: [...plain.headers, 'Content-Encoding', 'gzip'] }],
  [
    'gzip where it is allowed',
    { body: gzipSync(plain.body), headers: [...plain.headers, 'Content-Encoding', 'gzip'] },
    { decompress: 'before-verify' },
  ],
  [
    'a form',
    { body: plain.body, headers: ['Content-Type', 'application/x-www-form-urlencoded', ...plain.headers.slice(2)] },
  ],
  ['no content type', { body: plain.body, headers: plain.headers.slice(2) }],
  [
    'a content type that is none',
    { body: plain.body, headers: ['Content-Type', 'nonsense;;', ...plain.headers.slice(2)] },
  ],
  ['GET', { method: 'GET', body: bytesOf(''), headers: [] }],
]

/** What the core makes of a delivery, without any socket. */
async function inCore({ method = 'POST', body, headers }: Sent, options?: Partial<ReceiverOptions>): Promise<Receipt> {
  const { receiver, receiptOf } = makeReceiver(options)
  const all = new Headers()
  for (let at = 0; at < headers.length; at += 2) all.append(headers[at] as string, headers[at + 1] as string)
  all.delete('expect')
  const request = new Request(`http://localhost${path}`, { method, headers: all, body: method === 'GET' ? null : body })
  const response = await receiver(request)
  return receiptOf(response.status, await response.text(), response.headers.get('cache-control'))
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly cacheControl: string | null
}

function send(port: number, { method = 'POST', body, headers, chunked }: Sent): Promise<Answer> {
  const framing =
    method === 'GET' ? [] : chunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', `${body.length}`]
  const all = ['Host', 'localhost', ...headers, ...framing]
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ port, host: '127.0.0.1', path, method, headers: all, agent: false }, (incoming) => {
      const cacheControl = incoming.headers['cache-control'] ?? null
      const text = incoming.toArray().then((chunks) => Buffer.concat(chunks).toString())
      text.then((body) => resolve({ status: incoming.statusCode ?? 0, body, cacheControl }), reject)
    })
    outgoing.on('error', reject)
    const write = () => {
      if (chunked && body.length > 2) outgoing.write(body.subarray(0, body.length / 2))
      outgoing.end(chunked && body.length > 2 ? body.subarray(body.length / 2) : body)
    }
    if (headers.includes('Expect')) outgoing.on('continue', write).flushHeaders()
    else write()
  })
}

interface Host {
  readonly name: string
  readonly start: (service: Service) => Promise<RunningServer>
  /** A body parser comes first and keeps nothing. */
  readonly startWrong: (service: Service) => Promise<RunningServer>
  readonly explains: RegExp
}

async function startExpress(set: (app: express.Express) => void, make = express): Promise<RunningServer> {
  const app = make()
  set(app)
  return listening(createServer(app))
}

async function startFastify(service: Service, set: (app: FastifyInstance) => void = () => {}) {
  const app = fastify()
  set(app)
  await app.register(toFastifyPlugin(service), { prefix: '/hooks' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const close = async () => {
    app.server.closeAllConnections()
    await app.close()
  }
  return { port, close }
}

function honoApp(service: Service, set: (app: Hono) => void = () => {}): Hono {
  const app = new Hono()
  set(app)
  app.all(path, toHonoHandler(service))
  return app
}

const hosts: readonly Host[] = [
  {
    name: 'node:http',
    start: (service) => listening(createServer(toNodeListener(service))),
    startWrong: (service) => {
      const listener = toNodeListener(service)
      return listening(
        createServer((incoming, outgoing) => void incoming.toArray().then(() => listener(incoming, outgoing))),
      )
    },
    explains: /Mount goodfence before the parser/,
  },
  {
    name: 'Express',
    start: (service) => startExpress((app) => app.all(path, toExpressHandler(service))),
    startWrong: (service) => startExpress((app) => app.use(express.json()).all(path, toExpressHandler(service))),
    explains: /In Express, mount goodfence before app\.use\(express\.json\(\)\)/,
  },
  {
    name: 'Express 4',
    start: (service) => startExpress((app) => app.all(path, toExpressHandler(service)), express4),
    startWrong: (service) =>
      startExpress((app) => app.use(express4.json()).all(path, toExpressHandler(service)), express4),
    explains: /In Express, mount goodfence before app\.use\(express\.json\(\)\)/,
  },
  {
    name: 'a router of Express',
    start: (service) =>
      startExpress((app) => app.use('/hooks', express.Router().use('/stripe', toExpressHandler(service)))),
    startWrong: (service) => startExpress((app) => app.use(express.json()).use('/hooks', toExpressHandler(service))),
    explains: /In Express/,
  },
  {
    name: 'Fastify',
    start: (service) => startFastify(service),
    startWrong: (service) =>
      startFastify(service, (app) => app.addHook('onRequest', async (request) => void (await request.raw.toArray()))),
    explains: /In Fastify, register goodfence before any onRequest hook/,
  },
  {
    name: 'Hono on a server of the platform',
    start: (service) => servePlatform(honoApp(service).fetch),
    startWrong: (service) => {
      const parse = (app: Hono) =>
        app.use(async (context, next) => {
          await context.req.json()
          await next()
        })
      return servePlatform(honoApp(service, (app) => void parse(app)).fetch)
    },
    explains: /In Hono, let no middleware before goodfence call c\.req\.json\(\)/,
  },
  {
    name: 'a route handler of Next',
    start: (service) => servePlatform(nextRoute(toRouteHandlers(service))),
    startWrong: (service) => {
      const route = nextRoute(toRouteHandlers(service))
      return servePlatform(async (request) => {
        await request.json()
        return route(request)
      })
    },
    explains: /In Next, export the handlers as they are/,
  },
]

/** As Next calls the exports of a route. */
function nextRoute({ GET, HEAD, POST }: ReturnType<typeof toRouteHandlers>): Service {
  return (request) => ({ GET, HEAD, POST })[request.method as 'GET' | 'HEAD' | 'POST'](request)
}

async function over(start: Host['start'], sent: Sent, options?: Partial<ReceiverOptions>): Promise<Receipt> {
  const { receiver, receiptOf } = makeReceiver(options)
  const server = await start(receiver)
  cleanups.push(() => server.close())
  const { status, body, cacheControl } = await send(server.port, sent)
  return receiptOf(status, body, cacheControl)
}

describe.each(hosts)('a receiver on $name', ({ start, startWrong, explains }) => {
  test.each(cases.map(([name, sent, options]) => [name, sent, options] as const))(
    'does with %s what the core does',
    async (_, sent, options) => {
      expect(await over(start, sent, options)).toEqual(await inCore(sent, options))
    },
  )

  test('says how to mount it when a parser has read the body before, and does not blame the signature', async () => {
    const { status, body, lines, stored } = await over(startWrong, plain)
    expect([status, lines[0]?.outcome, stored]).toEqual([500, 'body_consumed', []])
    expect((body as { error: string }).error).toMatch(explains)
    expect(body).not.toHaveProperty('stack')
  })
})

describe('bytes that a parser has kept', () => {
  const keeping: readonly (readonly [string, Host['start']])[] = [
    [
      'express.json with verify',
      (service) =>
        startExpress((app) =>
          app
            .use(express.json({ verify: (request, _, bytes) => void Object.assign(request, { rawBody: bytes }) }))
            .all(path, toExpressHandler(service)),
        ),
    ],
    [
      'express.raw',
      (service) => startExpress((app) => app.use(express.raw({ type: '*/*' })).all(path, toExpressHandler(service))),
    ],
    [
      'arrayBuffer() in Hono',
      (service) => {
        const read = (app: Hono) =>
          app.use(async (context, next) => {
            await context.req.arrayBuffer()
            await next()
          })
        return servePlatform(honoApp(service, (app) => void read(app)).fetch)
      },
    ],
  ]

  test.each(keeping)('by %s are enough', async (_, start) => {
    expect(await over(start, plain)).toEqual(await inCore(plain))
  })

  test.each(keeping)('by %s keep to the limit of the receiver', async (_, start) => {
    const options = { maxBytes: 10 }
    expect(await over(start, { ...plain, chunked: true }, options)).toEqual(
      await inCore({ ...plain, headers: plain.headers }, options),
    )
  })
})

describe('Fastify', () => {
  test('keeps its own parsers for its other routes', async () => {
    const { receiver, lines } = makeReceiver()
    const server = await startFastify(receiver, (app) => {
      app.post('/other', (request, reply) => reply.send({ got: request.body }))
    })
    cleanups.push(() => server.close())
    const other = await fetch(`http://127.0.0.1:${server.port}/other`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await other.json()).toEqual({ got: { a: 1 } })
    expect((await send(server.port, plain)).status).toBe(200)
    expect(lines).toMatchObject([{ outcome: 'stored' }])
  })
})

describe('a Hono application', () => {
  test('is a service itself, and may be served as one', async () => {
    const start = async (service: Service) => {
      const app = honoApp(service)
      return serve(async (request) => app.fetch(request))
    }
    expect(await over(start, plain)).toEqual(await inCore(plain))
  })
})
