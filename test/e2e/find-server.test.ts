import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import { findServer, type ServerKind, type Surroundings } from '../support/find-server.ts'
import { postgres } from '../support/postgres-server.ts'
import { redis } from '../support/redis-server.ts'

/** Looks for a server of which it is known where it answers, and tells what was found and said. */
async function look({
  answering = [],
  docker = false,
  env = {},
}: {
  readonly answering?: readonly string[]
  readonly docker?: boolean
  readonly env?: Surroundings['env']
}) {
  const said: string[] = []
  const kind: ServerKind<string> = {
    name: 'Acme',
    variable: 'ACME_URL',
    localUrl: 'acme://127.0.0.1:1234/test',
    answers: async (url) => answering.includes(url),
    at: (url) => url,
    inContainer: async () => 'container',
  }
  const found = await findServer(kind, { env, hasDocker: async () => docker, say: (line) => said.push(line) })
  return { found, said }
}

const local = 'acme://127.0.0.1:1234/test'

describe('the search for a server', () => {
  test('takes the address of the environment before any other', async () => {
    const env = { ACME_URL: 'acme://far' }
    expect(await look({ env, answering: ['acme://far', local], docker: true })).toEqual({
      found: 'acme://far',
      said: [],
    })
  })

  test('fails when nothing answers where the environment says, without showing the address', async () => {
    const env = { ACME_URL: 'acme://ann:canary@far' }
    await expect(look({ env, answering: [local] })).rejects.toThrow(/^ACME_URL is set, and no Acme server/)
    await expect(look({ env, answering: [local] })).rejects.not.toThrow('canary')
  })

  test('takes the local server, then a container', async () => {
    expect((await look({ answering: [local], docker: true })).found).toBe(local)
    expect((await look({ env: { ACME_URL: '' }, answering: [local] })).found).toBe(local)
    expect((await look({ docker: true })).found).toBe('container')
  })

  test('says in one line what would help when there is none', async () => {
    expect(await look({})).toEqual({
      found: undefined,
      said: ['Skipped what needs Acme: set ACME_URL, listen on 127.0.0.1:1234, or start Docker.'],
    })
  })

  test.each(['true', '1'])('fails in CI when there is none: CI=%s', async (CI) => {
    await expect(look({ env: { CI } })).rejects.toThrow('No Acme server was found: set ACME_URL')
    expect((await look({ env: { CI }, docker: true })).found).toBe('container')
  })

  test('skips outside of CI', async () => {
    expect((await look({ env: { CI: 'false' } })).found).toBeUndefined()
  })

  test('takes nothing but containers when it is told to', async () => {
    const env = { GOODFENCE_TEST_SERVERS: 'containers', ACME_URL: 'acme://far' }
    expect((await look({ env, answering: ['acme://far', local], docker: true })).found).toBe('container')
    await expect(look({ env, answering: ['acme://far', local] })).rejects.toThrow('No Acme server was found')
  })
})

describe.each([
  { kind: postgres, scheme: 'postgres' },
  { kind: redis, scheme: 'redis' },
])('the question whether $kind.name answers', ({ kind, scheme }) => {
  test('is answered no by a port where nobody listens', async () => {
    const server = createServer()
    const port = await listen(server)
    await closed(server)
    expect(await kind.answers(`${scheme}://127.0.0.1:${port}`)).toBe(false)
  })

  test('is answered no by a web server', async () => {
    const server = createHttpServer((_request, response) => response.end('hello'))
    const port = await listen(server)
    expect(await kind.answers(`${scheme}://127.0.0.1:${port}`)).toBe(false)
    server.closeAllConnections()
    await closed(server)
  })

  test('is answered no by a server that says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).resume())
    const port = await listen(server)
    expect(await kind.answers(`${scheme}://127.0.0.1:${port}`)).toBe(false)
    await closed(server)
  })
})

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
