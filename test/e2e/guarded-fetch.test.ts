import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, get } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { type Resolve } from '../../src/webhooks/guarded-connection.ts'
import { createKeySource } from '../../src/webhooks/key-source.ts'
import { guardedFetch, type GuardedFetchOptions } from '../../src/webhooks/guarded-fetch.ts'

/** What a listener on this machine, which must not be reached, hears. */
let reached = 0
let received = ''
let port = 0
const targets: Server[] = []

beforeAll(async () => {
  const hear = () =>
    createServer((socket) => {
      reached++
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1')
        if (received.includes('\r\n\r\n')) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi')
      })
    })
  const v4 = await listening(hear(), '0.0.0.0')
  port = (v4.address() as AddressInfo).port
  targets.push(v4, await listening(hear(), '::', port))
})
afterAll(() => targets.forEach((each) => each.close()))
beforeEach(() => {
  reached = 0
  received = ''
})

function listening<Kind extends Server>(server: Kind, host = '127.0.0.1', at = 0): Promise<Kind> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ host, port: at, ipv6Only: host === '::' }, () => resolve(server))
  })
}

const anyPort: GuardedFetchOptions = { protocols: ['http:', 'https:'], ports: 'any', timeoutMs: 2_000 }
const publicV4 = { address: '93.184.215.14', family: 4 }
const resolvesTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** What becomes of an address text, from the making of the request on. */
async function outcomeOf(address: string, options: GuardedFetchOptions = {}): Promise<string> {
  try {
    const response = await guardedFetch({ ...anyPort, ...options })(new Request(address))
    return `answered ${response.status} ${await response.text()}`
  } catch (error) {
    if (isGoodfenceError(error)) return error.code
    return error instanceof TypeError && error.message !== 'fetch failed' ? 'no request' : String(error)
  }
}

/** Forms that lead to this machine unless somebody looks: without the guard they reach the listener. */
const here = [
  ['the plain literal', 'http://127.0.0.1:PORT/'],
  ['another address of loopback', 'http://127.9.8.7:PORT/'],
  ['hexadecimal', 'http://0x7f000001:PORT/'],
  ['one number', 'http://2130706433:PORT/'],
  ['octal', 'http://017700000001:PORT/'],
  ['octal parts', 'http://0177.0.0.01:PORT/'],
  ['two parts', 'http://127.1:PORT/'],
  ['three parts, one hexadecimal', 'http://127.0x0.1:PORT/'],
  ['a trailing dot', 'http://127.0.0.1.:PORT/'],
  ['percent-encoded', 'http://%31%32%37.0.0.1:PORT/'],
  ['full-width digits', 'http://１２７.０.０.１:PORT/'],
  ['circled digits', 'http://①②⑦.⓪.⓪.①:PORT/'],
  ['ideographic full stops', 'http://127。0。0。1:PORT/'],
  ['a backslash', 'http:\\\\127.0.0.1:PORT\\'],
  ['tabs and line feeds within', 'http://127.\n0.\t0.1:PORT/'],
  ['this host', 'http://0.0.0.0:PORT/'],
  ['this host, short', 'http://0:PORT/'],
  ['loopback of IPv6', 'http://[::1]:PORT/'],
  ['loopback of IPv6, written out', 'http://[0:0:0:0:0:0:0:1]:PORT/'],
  ['no address of IPv6', 'http://[::]:PORT/'],
  ['mapped', 'http://[::ffff:127.0.0.1]:PORT/'],
  ['mapped, in hexadecimal', 'http://[::ffff:7f00:1]:PORT/'],
  ['the name', 'http://localhost:PORT/'],
  ['the name in capitals', 'http://LOCALHOST:PORT/'],
] as const

/** Forms that lead to places which this machine does not have. */
const elsewhere = [
  ['the metadata of a cloud', 'http://169.254.169.254:PORT/latest/meta-data/'],
  ['a private network', 'http://10.0.0.1:PORT/'],
  ['another private network', 'http://172.16.0.1:PORT/'],
  ['a home network', 'http://192.168.0.1:PORT/'],
  ["a carrier's network", 'http://100.64.0.1:PORT/'],
  ['protocol assignments', 'http://192.0.0.192:PORT/'],
  ['a benchmark network', 'http://198.18.0.1:PORT/'],
  ['multicast', 'http://224.0.0.1:PORT/'],
  ['broadcast', 'http://255.255.255.255:PORT/'],
  ['NAT64', 'http://[64:ff9b::7f00:1]:PORT/'],
  ['6to4', 'http://[2002:7f00:1::]:PORT/'],
  ['compatible', 'http://[::127.0.0.1]:PORT/'],
  ['a unique local address', 'http://[fd00:ec2::254]:PORT/'],
  ['link-local', 'http://[fe80::1]:PORT/'],
] as const

const filled = (address: string) => address.replace('PORT', `${port}`)

describe('a guarded fetch', () => {
  test.each(here)('does not reach this machine by %s: %s', async (_, address) => {
    expect(await outcomeOf(filled(address))).toBe('address_refused')
    expect(reached).toBe(0)
  })

  test.each(here)('would reach it otherwise by %s: %s', async (_, address) => {
    await new Promise((resolve, reject) => get(new URL(filled(address)), { agent: false }, resolve).on('error', reject))
    expect(reached).toBe(1)
  })

  test.each(elsewhere)('does not reach %s: %s', async (_, address) => {
    let opened = 0
    const outcome = await outcomeOf(filled(address), {
      connect() {
        opened++
        return connect(port)
      },
    })
    expect([outcome, opened, reached]).toEqual(['address_refused', 0, 0])
  })

  test.each([
    ['loopback', ['127.0.0.1']],
    ['loopback of IPv6', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['a private address', ['10.0.0.1']],
    ['a public address and loopback', ['93.184.215.14', '127.0.0.1']],
    ['loopback and a public address', ['127.0.0.1', '93.184.215.14']],
    ['what is no address', ['0x7f000001']],
  ])('does not reach a name that resolves to %s', async (_, addresses) => {
    const outcome = await outcomeOf(`http://hooks.example.test:${port}/`, { resolve: resolvesTo(...addresses) })
    expect([outcome, reached]).toEqual(['address_refused', 0])
  })

  test.each([
    ['a trailing dot', 'http://localhost.:PORT/'],
    ['a name below localhost', 'http://a.localhost:PORT/'],
    ['a name that spells an address', 'http://127.0.0.1.nip.test:PORT/'],
    ['letters of another script', 'http://ⓛocalhost:PORT/'],
  ])('judges what a name resolves to, with %s: %s', async (_, address) => {
    const outcome = await outcomeOf(filled(address), { resolve: resolvesTo('127.0.0.1') })
    expect([outcome, reached]).toEqual(['address_refused', 0])
  })

  test.each([
    ['a user that looks like a host', 'http://example.com@127.0.0.1:PORT/'],
    ['a user and a password', 'http://a:b@127.0.0.1:PORT/'],
    ['a fragment that looks like a user', 'http://127.0.0.1:PORT#@example.com/'],
    ['a backslash before the user', 'http://127.0.0.1:PORT\\@example.com/'],
  ])('is not taken in by %s: %s', async (_, address) => {
    expect(['no request', 'address_refused']).toContain(await outcomeOf(filled(address)))
    expect(reached).toBe(0)
  })

  test('asks the resolver once for each request, so that a name cannot change in between', async () => {
    const answers = [[publicV4], [{ address: '127.0.0.1', family: 4 }]]
    const resolve: Resolve = async () => answers.shift() ?? []
    const asked: unknown[] = []
    const connectTo: GuardedFetchOptions['connect'] = (options) => {
      options.lookup?.('hooks.example.test', { all: true }, (_, address) => asked.push(address))
      return connect({ ...options, host: '127.0.0.1', port: 1 }) // nothing of this test leaves the machine
    }
    const address = `http://hooks.example.test:${port}/`

    expect(await outcomeOf(address, { resolve, connect: connectTo })).toMatch(/fetch failed/)
    expect(asked).toEqual([[publicV4]])
    expect(await outcomeOf(address, { resolve, connect: connectTo })).toBe('address_refused')
    expect([asked.length, reached]).toEqual([1, 0])
  })

  test('sends not a byte when the socket has gone elsewhere than the name said', async () => {
    const outcome = await outcomeOf(`http://hooks.example.test:${port}/secret`, {
      resolve: async () => [publicV4],
      connect: () => connect(port, '127.0.0.1'),
    })
    expect(outcome).toBe('address_refused')
    expect([reached, received]).toEqual([1, ''])
  })

  test('sends not a byte of a TLS handshake either', async () => {
    const outcome = await outcomeOf(`https://hooks.example.test:${port}/secret`, {
      resolve: async () => [publicV4],
      connect: () => connect(port, '127.0.0.1'),
    })
    expect(outcome).toBe('address_refused')
    expect([reached, received]).toEqual([1, ''])
  })

  test('does not follow a redirect to this machine', async () => {
    const gate = await listening(
      createHttpServer((_, answer) => answer.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end()),
      '127.0.0.2',
    )
    const outcome = await outcomeOf(`http://127.0.0.2:${(gate.address() as AddressInfo).port}/`, {
      allow: ['127.0.0.2'],
    })
    gate.close()
    expect([outcome, reached]).toEqual(['answered 302 ', 0])
  })

  test('reaches this machine when it is allowed to', async () => {
    expect(await outcomeOf(filled('http://127.0.0.1:PORT/'), { allowLoopback: true })).toBe('answered 200 hi')
    expect(await outcomeOf(filled('http://localhost:PORT/'), { allow: ['127.0.0.1', '::1'] })).toBe('answered 200 hi')
    expect(reached).toBe(2)
  })

  test.each([
    ['plain http', 'http://127.0.0.1/', {}],
    ['another port', 'https://127.0.0.1:8443/', {}],
    ['a port that is not listed', 'https://127.0.0.1/', { ports: [8443] }],
    ['a scheme that is none of the web', 'ftp://127.0.0.1/', {}],
    ['a file', 'file:///etc/passwd', {}],
    ['data', 'data:text/plain,hi', {}],
  ])('is told which doors there are, and takes no %s', async (_, address, options) => {
    const fetch = guardedFetch({ allowLoopback: true, ...options })
    await expect(fetch(new Request(address))).rejects.toMatchObject({ code: 'address_refused' })
  })
})

test('a source of keys that is given no fetch reaches nobody on this machine', async () => {
  const needed = {
    kind: 'x509-url',
    url: 'https://127.0.0.1/key.pem',
    allowed: { host: String.raw`127\.0\.0\.1` },
  } as const
  const outcome = await createKeySource().keysFor(needed)
  expect(outcome).toMatchObject({
    reason: 'key_unavailable',
    detail: expect.stringContaining('not on the public internet'),
  })
})

describe('an allowed exchange', () => {
  const local = (options: GuardedFetchOptions = {}) => guardedFetch({ ...anyPort, allowLoopback: true, ...options })

  test('carries method, path, headers and bytes, and asks for no encoding', async () => {
    const echo = await listening(
      createHttpServer((incoming, answer) => {
        let body = ''
        incoming.on('data', (bytes) => (body += String(bytes)))
        incoming.on('end', () =>
          answer
            .setHeader('set-cookie', ['a=1', 'b=2'])
            .end(JSON.stringify([incoming.method, incoming.url, incoming.headers, body])),
        )
      }),
    )
    const at = `127.0.0.1:${(echo.address() as AddressInfo).port}`
    const request = new Request(`http://${at}/a?b=c`, { method: 'POST', headers: { 'X-Own': 'y' }, body: 'grüezi' })
    const response = await local()(request)
    echo.close()

    const headers = {
      host: at,
      'x-own': 'y',
      'content-length': '7',
      connection: 'close',
      'accept-encoding': 'identity',
    }
    expect(await response.json()).toEqual(['POST', '/a?b=c', expect.objectContaining(headers), 'grüezi'])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  test('speaks TLS, and believes only certificates for the name', async () => {
    const file = (name: string) => readFileSync(join(import.meta.dirname, '../data/tls', name), 'utf8')
    const ca = file('keys.test.cert.pem')
    const server = await listening(
      createTlsServer({ cert: ca, key: file('keys.test.key.pem') }, (_, answer) => answer.end('safe')),
    )
    const { port } = server.address() as AddressInfo
    const resolve = resolvesTo('127.0.0.1')
    const reach = (host: string, options: GuardedFetchOptions) =>
      local({ resolve, ...options })(new Request(`https://${host}:${port}/`)).then((response) => response.text())

    expect(await reach('keys.test', { ca })).toBe('safe')
    await expect(reach('keys.test', {})).rejects.toThrow('fetch failed')
    await expect(reach('other.test', { ca })).rejects.toThrow('fetch failed')
    server.close()
  })

  test.each([
    ['never answers', () => {}, 'timeout'],
    ['never ends its head', 'HTTP/1.1 200 OK\r\nx: y\r\n', 'timeout'],
    ['never ends its body', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\na', 'timeout'],
    ['sends a body over the limit', `HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(1_001)}`, 'body_too_large'],
    ['sends a head over the limit', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(5_000)}\r\n\r\n`, 'TypeError: fetch failed'],
    ['cuts its body', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\na END', 'TypeError: fetch failed'],
    [
      'changes the protocol',
      'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'TypeError: fetch failed',
    ],
    ['speaks no HTTP', 'hello\r\n\r\n', 'TypeError: fetch failed'],
    ['hangs up', ' END', 'TypeError: fetch failed'],
  ])('ends with a server that %s', async (_, bytes, expected) => {
    const server = await listening(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => {
          if (typeof bytes !== 'string') return
          socket.write(bytes.replace(' END', ''))
          if (bytes.endsWith(' END')) socket.end()
        })
      }),
    )
    const { port } = server.address() as AddressInfo
    const limits = { maxBytes: 1_000, maxHeaderBytes: 2_000, timeoutMs: 150 }
    expect(await outcomeOf(`http://127.0.0.1:${port}/`, { allowLoopback: true, ...limits })).toBe(expected)
    server.close()
  })

  test('ends when the resolver never answers', async () => {
    const resolve: Resolve = () => new Promise(() => {})
    expect(await outcomeOf('http://hooks.example.test/', { resolve, timeoutMs: 50 })).toBe('timeout')
  })

  test("ends with the caller's reason", async () => {
    const caller = new AbortController()
    const answer = local({ resolve: () => new Promise(() => {}) })(new Request('http://hooks.example.test/'), {
      signal: caller.signal,
    })
    caller.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
  })
})
