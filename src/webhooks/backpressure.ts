import { type Clock, systemClock } from '../core/clock.ts'
import { type WebhookProvider } from '../providers/webhook-provider.ts'
import { type Inbox } from './inbox.ts'
import { refusalsUntilDisabled, retryHorizon } from './retry-horizon.ts'
import { isShed, sheddingLevel, type SheddingLevel } from './shedding.ts'

export interface BackpressureOptions {
  readonly inbox: Pick<Inbox<never>, 'inspect'>
  /** With so many events waiting, nothing more is taken. @default 100,000 */
  readonly maxWaiting?: number | undefined
  /** When the oldest has waited so long, nothing more is taken. @default its age does not matter */
  readonly maxAgeMs?: number | undefined
  /** The inbox is looked at no more often than this. @default 1,000 */
  readonly everyMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/** Decides whose deliveries are put off while too much waits. Shared by all receivers of an inbox. */
export interface Backpressure {
  /** Whether this provider's delivery is taken now. Never waits: it judges by the last look at the inbox. */
  takes(provider: Pick<WebhookProvider, 'name' | 'webhooks'>): boolean
  /** Who is put off now. */
  readonly level: SheddingLevel
}

/**
 * Makes the rule by which a receiver sheds load: from four fifths of what may wait, providers that come again for days
 * are put off; then those that come again for hours; only when nothing more fits, those that never come again. Each
 * level ends at half the load at which it began. A provider that stops sending to an endpoint after some refusals in a
 * row is never refused that often.
 *
 * @example
 * const backpressure = createBackpressure({ inbox, maxWaiting: 50_000 })
 */
export function createBackpressure(options: BackpressureOptions): Backpressure {
  const { inbox, maxWaiting = 100_000, maxAgeMs = Number.POSITIVE_INFINITY } = options
  const { everyMs = 1_000, clock = systemClock } = options
  const refusedInARow = new Map<string, number>()
  let level: SheddingLevel = 'none'
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let looking = false

  async function look(): Promise<void> {
    looking = true
    lookedAtMs = clock.monotonic()
    try {
      const { counts, oldestUnfinishedMs } = await inbox.inspect({ limit: 0 })
      const ageMs = oldestUnfinishedMs === undefined ? 0 : clock.now() - oldestUnfinishedMs
      level = sheddingLevel(
        level,
        Math.max((counts.ready + counts.held + counts.leased) / maxWaiting, ageMs / maxAgeMs),
      )
    } catch {
      // An inbox that cannot be looked at cannot be put into either: the receiver will say so.
    } finally {
      looking = false
    }
  }

  return {
    get level() {
      return level
    },
    takes(provider) {
      if (!looking && clock.monotonic() - lookedAtMs >= everyMs) void look()
      const { name, webhooks } = provider
      const refused = refusedInARow.get(name) ?? 0
      const facts = {
        horizon: retryHorizon(webhooks.delivery),
        disablesAfter: refusalsUntilDisabled(webhooks.delivery),
      }
      const shed = isShed(level, { ...facts, refusedInARow: refused })
      if (shed) refusedInARow.set(name, refused + 1)
      else if (refused > 0) refusedInARow.delete(name)
      return !shed
    },
  }
}
