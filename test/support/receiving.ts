import { lightRequest } from '../../src/core/light.ts'
import { type VirtualClock, virtualClock } from '../../src/core/virtual-clock.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { type Inbox, type InboxLimits } from '../../src/webhooks/inbox.ts'
import { createReceiverMonitor } from '../../src/webhooks/receiver-monitor.ts'
import { type ReceiverLine, type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { needsSecrets } from '../../src/webhooks/receiver-secrets.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'

export const receivingStartMs: number = Date.UTC(2026, 0, 1)
export const receivingSecret = 'whsec_canary0123456789'

type Provider = Pick<WebhookProvider, 'name' | 'webhooks'>

/** A delivery as its provider sends it, but for what is said otherwise. */
export interface Sending {
  readonly provider: Provider
  readonly body: string | Uint8Array<ArrayBuffer>
  /** @default the secret of these tests */
  readonly secret?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly url?: string
  readonly timestampMs?: number
  /** What is sent instead of what was signed. */
  readonly sentBody?: Uint8Array<ArrayBuffer>
  readonly config?: Readonly<Record<string, string>>
}

/** Signs a delivery and makes the request that brings it. */
export function delivered(sending: Sending): Request {
  const { provider, body, secret = receivingSecret, headers = {}, config } = sending
  const { url = 'https://shop.test/hooks', timestampMs = receivingStartMs } = sending
  const { scheme } = provider.webhooks
  const bytes = new Uint8Array(Buffer.from(body))
  const { method, contentType } = scheme.request
  const given = config === undefined ? {} : { config }
  const signed = sign(scheme, { secret, body: bytes, timestampMs, url, method, headers, ...given })
  const sent = sending.sentBody ?? new Uint8Array(signed.body)
  return lightRequest({
    url: signed.url ?? url,
    method,
    headers: { 'content-type': contentType, ...headers, ...signed.headers },
    body: method === 'GET' ? null : sent,
  })
}

export interface Receiving {
  readonly clock: VirtualClock
  readonly inbox: Inbox<undefined>
  readonly lines: ReceiverLine[]
  readonly monitor: ReturnType<typeof createReceiverMonitor>
  readonly receive: (request: Request) => Promise<Response>
  readonly stored: () => Promise<readonly StoredEvent[]>
}

export interface StoredEvent {
  readonly provider: string
  readonly account: string
  readonly eventId: string
  readonly type: string
  readonly state: string
  readonly text: string
}

/** A receiver on virtual time with an inbox in memory. */
export function receiving(
  options: Pick<ReceiverOptions, 'provider'> & Partial<ReceiverOptions> & { readonly limits?: InboxLimits },
): Receiving {
  const clock = virtualClock({ startMs: receivingStartMs })
  const inbox = createMemoryInbox({ clock, ...options.limits })
  const lines: ReceiverLine[] = []
  const monitor = createReceiverMonitor()
  const log = (line: ReceiverLine) => void lines.push(line)
  const { limits: _, ...own } = options
  const receiver = createReceiver({
    secrets: needsSecrets(options.provider.webhooks.scheme) ? [receivingSecret] : undefined,
    inbox,
    clock,
    monitor,
    random: () => 0.3,
    log,
    ...own,
  })
  return {
    clock,
    inbox,
    lines,
    monitor,
    receive: (request) => clock.run(() => receiver(request)),
    stored: async () => storedIn(inbox),
  }
}

/** What an inbox holds, with bodies as text. */
export async function storedIn(inbox: Pick<Inbox<never>, 'inspect'>): Promise<readonly StoredEvent[]> {
  const { events } = await inbox.inspect()
  return events.map(({ provider, account, eventId, type, state, body }) => ({
    provider,
    account,
    eventId,
    type,
    state,
    text: Buffer.from(body).toString(),
  }))
}
