import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startMock } from '../support/cli-process.ts'

const root = join(import.meta.dirname, '../..')

/** A port that was free a moment ago: the mock has to know where the shop will listen. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.each(['careful', 'careless'])('the %s shop as a program', (kind) => {
  test('takes a payment over HTTP and ships when the webhook comes', async () => {
    const port = await freePort()
    await using mock = await startMock(['stripe', '--webhook-url', `http://127.0.0.1:${port}/webhooks`])
    const env = {
      ...process.env,
      STRIPE_URL: mock.urls[0],
      WEBHOOK_SECRET: mock.webhookSecret,
      DATABASE: ':memory:',
      PORT: String(port),
    }
    const shop = spawn(process.execPath, ['--conditions=goodfence-source', 'examples/checkout/server.ts', kind], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = ''
    shop.stdout.on('data', (chunk) => (told += String(chunk)))
    const tells = async (words: string) => {
      while (!told.includes(words)) await once(shop.stdout, 'data')
    }
    await tells('listens on')
    const url = `http://127.0.0.1:${port}`
    const order = { id: 'order-1', amount: 2_000, currency: 'eur', card: 'pm_card_visa' }
    const answer = await fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify(order) })
    expect(answer.status).toBe(200)
    await tells('shipped order-1')
    expect(await (await fetch(`${url}/orders`)).json()).toEqual([
      expect.objectContaining({ id: 'order-1', status: 'paid', shipped: 1 }),
    ])
    expect((await fetch(`${url}/orders`, { method: 'POST', body: '{"id":' })).status).toBe(400)
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
    shop.kill('SIGTERM')
    expect(await once(shop, 'exit')).toEqual([0, null])
  })
})
