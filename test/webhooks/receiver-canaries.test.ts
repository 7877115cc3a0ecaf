import { gzipSync } from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import { rememberBytes } from '../../src/core/body.ts'
import { createJournal } from '../../src/core/journal.ts'
import { lightRequest } from '../../src/core/light.ts'
import { record } from '../../src/core/record.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { meta } from '../../src/providers/webhooks/meta.ts'
import { notion } from '../../src/providers/webhooks/notion.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { receiverOutcomes } from '../../src/webhooks/receiver-exits.ts'
import { createReceiverMonitor } from '../../src/webhooks/receiver-monitor.ts'
import { type ReceiverLine, type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { fromEnv, fromFile } from '../../src/webhooks/secret-sources.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { delivered, receivingStartMs, type Sending } from '../support/receiving.ts'

/** Stands in every place that holds what nobody but the two sides may know. */
const canary = 'CANARY'
const secret = `whsec_${canary}_secret_0123456789`
const headers = { 'x-own': `${canary}-header`, authorization: `Bearer ${canary}`, cookie: `id=${canary}` }
const url = `https://shop.test/hooks?token=${canary}`
const text = (id: string) => JSON.stringify({ id, type: 'a', data: { card: `${canary}-body` } })
const listed: WebhookProvider = {
  ...stripe,
  webhooks: {
    ...stripe.webhooks,
    scheme: { ...stripe.webhooks.scheme, event: { id: '/list/*/id', type: '/list/*/type' } },
  },
}

const post = (more: Partial<Sending> = {}) =>
  delivered({ provider: stripe, secret, body: text('evt_1'), headers: { ...headers, ...more.headers }, url, ...more })

const failing = () => Promise.reject(new Error(`${canary} of the database`))
const twice = async (inbox: ReceiverOptions['inbox'], body = text('evt_1')) => {
  await inbox.put([
    {
      provider: 'stripe',
      account: '',
      subscription: '',
      eventId: 'evt_1',
      type: 'a',
      body: new Uint8Array(Buffer.from(body)),
    },
  ])
}
const streaming = (pull: (controller: ReadableStreamDefaultController) => unknown) =>
  new Request(url, {
    method: 'POST',
    headers,
    body: new ReadableStream({ pull: async (to) => void (await pull(to)) }),
    duplex: 'half',
  })

interface Run {
  readonly options?: Partial<ReceiverOptions>
  readonly request?: () => Request | Promise<Request>
  readonly before?: (inbox: ReceiverOptions['inbox']) => Promise<void>
  readonly revive?: true
}

/** A way to each end. */
const runs: Readonly<Record<(typeof receiverOutcomes)[number], Run>> = {
  stored: {},
  duplicate: { before: (inbox) => twice(inbox) },
  revived: { revive: true },
  conflict: { before: (inbox) => twice(inbox, 'other') },
  quarantined: { request: () => post({ body: `${canary} is no JSON` }) },
  empty: {
    options: { provider: listed },
    request: () => post({ provider: listed, body: `{"list":[],"more":"${canary}"}` }),
  },
  handshake: {
    options: { provider: meta, config: { verify_token: canary } },
    request: () => lightRequest({ url: `${url}&hub.mode=subscribe&hub.challenge=7&hub.verify_token=wrong` }),
  },
  handshake_failed: {
    options: { provider: notion, secrets: () => [], onSecret: () => failing() },
    request: () =>
      lightRequest({
        url,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: `{"verification_token":"secret_${canary}"}`,
      }),
  },
  not_found: { options: { path: '/other' } },
  method_not_allowed: { request: () => lightRequest({ url, headers }) },
  encoding_unsupported: { request: () => post({ headers: { 'content-encoding': 'gzip' } }) },
  body_too_large: { options: { maxBytes: 10 } },
  body_too_slow: { request: () => streaming(() => new Promise(() => {})) },
  body_unreadable: { request: () => streaming((to) => to.error(new Error(canary))) },
  body_consumed: {
    request: async () => {
      const request = new Request(url, { method: 'POST', headers, body: canary })
      await request.text()
      return request
    },
  },
  rejected: { request: () => post({ secret: `whsec_${canary}_forged` }) },
  no_secret: { options: { secrets: () => [] } },
  key_unavailable: { options: { secrets: () => failing() } },
  shed: { options: { backpressure: { takes: () => false } } },
  inbox_full: { before: (inbox) => inbox.put([]).then(() => {}) },
  inbox_failed: { options: { inbox: { put: failing } } },
  failed: {
    options: {
      lane: () => {
        throw new Error(`${canary} of a mistake`)
      },
    },
  },
}

afterEach(() => void vi.restoreAllMocks())

test.each(receiverOutcomes)('what is secret comes out nowhere when a delivery ends as %s', async (outcome) => {
  const printed: unknown[] = []
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((chunk) => printed.push(chunk) > 0)
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation((...args) => void printed.push(args))

  const { options = {}, request = () => post(), before, revive } = runs[outcome]
  const clock = virtualClock({ startMs: receivingStartMs })
  const inbox = createMemoryInbox({ clock, ...(outcome === 'inbox_full' ? { maxUnfinished: 0 } : {}) })
  const lines: ReceiverLine[] = []
  const monitor = createReceiverMonitor()
  const journal = createJournal({ clock })
  const log = (line: ReceiverLine) => void lines.push(line)
  const receiver = createReceiver({
    provider: stripe,
    secrets: [secret],
    inbox,
    clock,
    monitor,
    log,
    diagnose: true,
    ...options,
  })
  const recorded = record('receiver', { journal })(receiver)
  if (revive) {
    await twice(inbox)
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 1 })
    for (const claim of claims) await inbox.settle(claim, { kind: 'dead', error: 'x' })
  }
  await before?.(inbox)

  const answer = await clock.run(async () => recorded(await request()))

  expect(lines).toMatchObject([{ outcome }])
  const { events } = await inbox.inspect()
  const kept = events.map(({ body: _, ...rest }) => rest)
  const shown = [answer.status, [...answer.headers], await answer.text(), lines, monitor.counts(), monitor.samples()]
  expect(JSON.stringify([shown, kept, journal.entries(), printed])).not.toContain(canary)
})

test('errors at the start name the place and not the secret', () => {
  process.env[`TEST_HOOK_SECRET`] = `<${canary}>`
  const { inbox } = { inbox: createMemoryInbox() }
  const make = (secrets: ReceiverOptions['secrets']) => createReceiver({ provider: stripe, secrets, inbox })
  const starts = [
    () => fromEnv('TEST_HOOK_SECRET'),
    () => fromFile('/nowhere/secret'),
    () => make([`<${canary}>`]),
    () => make([secret, `\${${canary}}`]),
    () => make([secret, '']),
  ]
  for (const start of starts) {
    try {
      start()
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'usage' })
      expect(JSON.stringify([String(error), (error as Error).stack, error, (error as Error).cause])).not.toContain(
        canary,
      )
    }
  }
  delete process.env['TEST_HOOK_SECRET']
})

test('a compressed body that cannot be undone shows nothing of itself', async () => {
  const lines: ReceiverLine[] = []
  const log = (line: ReceiverLine) => void lines.push(line)
  const clock = virtualClock({ startMs: receivingStartMs })
  const options = { provider: stripe, secrets: [secret], inbox: createMemoryInbox({ clock }), clock, log }
  const receiver = createReceiver({ ...options, decompress: 'before-verify' })
  const request = post({ headers: { ...headers, 'content-encoding': 'gzip' } })
  rememberBytes(request, new Uint8Array(gzipSync(canary).subarray(0, 12)))
  const answer = await clock.run(() => receiver(request))
  expect(JSON.stringify([await answer.text(), lines])).not.toContain(canary)
})
