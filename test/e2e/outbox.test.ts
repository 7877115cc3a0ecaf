import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createJournal } from '../../src/core/journal.ts'
import { type WebhookFacts } from '../../src/providers/manifest.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { type DeliveryRecord } from '../../src/webhooks/delivery.ts'
import { type Outbox } from '../../src/webhooks/outbox.ts'
import { createOutbox } from '../../src/webhooks/sender.ts'
import { verify } from '../../src/webhooks/signature.ts'

const facts: WebhookFacts = {
  ...stripe.webhooks,
  delivery: { success: '2xx', timeoutMs: 300, retryAfterMs: [10], basis: 'assumed' },
}
const running: (Server | Outbox)[] = []

afterEach(async () => {
  for (const each of running.splice(0)) {
    if ('closeAllConnections' in each) each.closeAllConnections()
    await each.close()
  }
})

/** An outbox over real sockets to a server that handles requests like this. */
async function shop(handle: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => handle(request, Buffer.concat(chunks), response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  const journal = createJournal()
  const outbox = createOutbox({ journal, facts, targets: [{ url }], sendAfterMs: [0, 0] })
  running.push(server, outbox)
  /** Sends one event and waits until the provider is done with it. */
  const deliver = () =>
    new Promise<DeliveryRecord>((resolve) => {
      journal.subscribe(() => {
        // The record changes right after the journal has been told.
        queueMicrotask(() => {
          const [record] = outbox.deliveries()
          if (record !== undefined && record.state !== 'pending') resolve(record)
        })
      })
      const body = new TextEncoder().encode('{"id":"evt_1","type":"a"}')
      outbox.send({ id: 'evt_1', type: 'a', body, createdMs: Date.now() })
    })
  return { url, outbox, deliver }
}

describe('an outbox over sockets', () => {
  test('posts signed bytes', async () => {
    const { deliver, outbox, url } = await shop((request, body, response) => {
      const headers = new Headers(request.headers as Record<string, string>)
      const verdict = verify(stripe.webhooks.scheme, {
        headers,
        body,
        secrets: [outbox.secretOf(url)],
        nowMs: Date.now(),
      })
      const right = request.method === 'POST' && headers.get('content-type') === 'application/json'
      response.writeHead(verdict.ok && right ? 200 : 400).end()
    })

    expect(await deliver()).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] })
  })

  test('takes a redirect for a failure and does not follow it', async () => {
    const paths: (string | undefined)[] = []
    const { deliver } = await shop((request, _body, response) => {
      paths.push(request.url)
      response.writeHead(307, { location: '/elsewhere' }).end()
    })

    expect(await deliver()).toMatchObject({ state: 'failed', attempts: [{ status: 307 }, { status: 307 }] })
    expect(paths).toEqual(['/hooks', '/hooks'])
  })

  test('gives up on a server that is silent, and tells a reset from it', async () => {
    let requests = 0
    const { deliver } = await shop((request) => {
      if (++requests === 2) request.socket.resetAndDestroy()
    })

    expect(await deliver()).toMatchObject({
      state: 'failed',
      attempts: [{ error: 'timeout' }, { error: expect.stringMatching(/^ECONNRESET$|^UND_ERR_SOCKET$/) as string }],
    })
  })

  test('does not wait for a body that never ends', async () => {
    const { deliver } = await shop((_request, _body, response) => {
      response.writeHead(200).write('first')
    })

    expect(await deliver()).toMatchObject({ state: 'delivered' })
  })
})
