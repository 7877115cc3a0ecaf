import { type Clock } from '../core/clock.ts'
import { createJournal } from '../core/journal.ts'
import { type Service } from '../core/service.ts'
import { createFaults } from '../mocks/create-faults.ts'
import { type FaultRule } from '../mocks/plan.ts'
import { type WebhookProvider } from '../providers/webhook-provider.ts'
import { type DeliveryAttempt } from '../webhooks/delivery.ts'
import { type ExampleEvent } from '../webhooks/example-event.ts'
import { createOutbox } from '../webhooks/sender.ts'

export interface SendingOptions {
  readonly provider: WebhookProvider
  readonly events: readonly ExampleEvent[]
  readonly secret: string
  readonly config: Readonly<Record<string, string>>
  readonly rules: readonly FaultRule[]
  readonly seed: number
  readonly clock: Clock
  /** Takes what is sent. @default the network */
  readonly service?: Service | undefined
}

/** Sends events once each, with what faults make of them, and says how the app answered, in the order sent. */
export async function sendEvents(options: SendingOptions): Promise<readonly DeliveryAttempt[]> {
  const { provider, events, secret, config, rules, seed, clock, service } = options
  const { scheme, delivery } = provider.webhooks
  const { disable: _disable, heartbeat: _heartbeat, ...followed } = delivery
  const journal = createJournal({ clock })
  const url = events[0]?.url ?? ''
  const outbox = createOutbox({
    clock,
    journal,
    config,
    facts: { scheme, delivery: { ...followed, retryAfterMs: [], order: 'none' } },
    seed,
    sendAfterMs: [0, 0], // one after the other, however long signing takes
    keepAnswers: true,
    faults: createFaults(
      { seed, faults: rules },
      { clock, journal, random: () => 0, errorResponse: () => new Response(), operationOf: () => undefined },
    ).deliveries,
    targets: [{ url, secret, service }],
  })
  for (const event of events) outbox.send({ ...event, createdMs: clock.now() })
  while (outbox.pending > 0) await clock.sleep(5)
  await outbox.close()
  const attempts = outbox.deliveries().flatMap((record) => record.attempts)
  return attempts.toSorted((one, other) => one.atMs - other.atMs)
}
