import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { redis, type RedisServer } from '../test/support/redis-server.ts'

/**
 * Starts a Redis that promises what our inbox promises: a write is on disk before it is answered. All else is as Redis
 * has it by default. Without the program it says so in one line and answers none.
 */
export async function startDurableRedis(stack: AsyncDisposableStack, folder: string): Promise<RedisServer | undefined> {
  const port = await freePort()
  const promise = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const child = spawn('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...promise], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child, 'spawn')
  } catch {
    console.info('Left out what needs a durable Redis: no redis-server is on the PATH.')
    return undefined
  }
  const exited = once(child, 'exit')
  stack.defer(async () => {
    child.kill()
    await exited
  })
  const ready = Promise.withResolvers<void>()
  let log = ''
  child.stdout.on('data', (chunk) => {
    log += String(chunk)
    if (log.includes('Ready to accept connections')) ready.resolve()
  })
  await Promise.race([ready.promise, exited.then(() => Promise.reject(new Error(`redis-server ended: ${log}`)))])
  return stack.use(redis.at(`redis://127.0.0.1:${port}/0`))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
