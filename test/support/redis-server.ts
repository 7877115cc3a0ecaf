import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createClient } from 'redis'
import { type ServerKind } from './find-server.ts'

/** A client of `redis` that is connected. */
export type RedisConnection = ReturnType<typeof connectionTo>

/** A Redis server for one test file. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string
  /** Connects; the connection is closed when the server is disposed of. */
  connect(): Promise<RedisConnection>
  /** The beginning of keys that nobody else uses; they are gone when the server is disposed of. */
  newPrefix(): string
}

/** Redis, in the last of its sixteen databases where it listens without being asked for. */
export const redis: ServerKind<RedisServer> = {
  name: 'Redis',
  variable: 'GOODFENCE_TEST_REDIS_URL',
  localUrl: 'redis://127.0.0.1:6379/15',
  answers: isRedis,
  at: (url) => redisAt(url),
  inContainer: startContainer,
}

function connectionTo(url: string) {
  const client = createClient({ url, socket: { connectTimeout: 2_000, reconnectStrategy: false } })
  client.on('error', () => {})
  return client
}

async function isRedis(url: string): Promise<boolean> {
  const client = connectionTo(url)
  const answer = client.connect().then(() => client.ping())
  try {
    return (await Promise.race([answer, setTimeout(2_000, undefined, { ref: false })])) === 'PONG'
  } catch {
    return false
  } finally {
    answer.catch(() => {})
    if (client.isOpen) client.destroy()
  }
}

function redisAt(url: string, stop = async () => {}): RedisServer {
  const connections: RedisConnection[] = []
  const token = `goodfence_test_${randomBytes(6).toString('hex')}`
  let prefixes = 0

  async function connect(): Promise<RedisConnection> {
    const connection = connectionTo(url)
    await connection.connect()
    connections.push(connection)
    return connection
  }

  return {
    url,
    connect,
    newPrefix: () => `${token}_${prefixes++}`,
    async [Symbol.asyncDispose]() {
      const sweeper = await connect()
      for await (const keys of sweeper.scanIterator({ MATCH: `*${token}*`, COUNT: 1_000 })) {
        if (keys.length > 0) await sweeper.unlink(keys)
      }
      for (const connection of connections) if (connection.isOpen) connection.destroy()
      await stop()
    },
  }
}

async function startContainer(): Promise<RedisServer> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(process.env['GOODFENCE_TEST_REDIS_IMAGE'] ?? 'redis:7-alpine')
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start()
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`
  return redisAt(url, async () => void (await container.stop()))
}
