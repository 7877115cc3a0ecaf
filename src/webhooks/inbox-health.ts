import { type Clock, systemClock } from '../core/clock.ts'
import { type Inbox } from './inbox.ts'

export interface InboxHealthOptions {
  readonly inbox: Pick<Inbox, 'inspect'>
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** More events waiting than this is a warning. @default 1,000 */
  readonly maxWaiting?: number | undefined
  /** An event that waits longer than this is a warning. @default 5 minutes */
  readonly maxAgeMs?: number | undefined
}

/** How an inbox is doing. */
export interface InboxHealth {
  /** `fail`: it cannot be read. `warn`: too much waits, for too long, or was given up. */
  readonly status: 'pass' | 'warn' | 'fail'
  /** Events that are neither handled nor given up. */
  readonly waiting: number
  /** How long the oldest of them has waited. */
  readonly oldestMs: number
  /** Events that someone has to look at: dead, unreadable, or in conflict. */
  readonly needAttention: number
}

/** Looks at an inbox's depth and age. Never rejects. */
export async function inboxHealth(options: InboxHealthOptions): Promise<InboxHealth> {
  const { inbox, clock = systemClock, maxWaiting = 1_000, maxAgeMs = 300_000 } = options
  try {
    const { counts, oldestUnfinishedMs } = await inbox.inspect({ limit: 0 })
    const waiting = counts.ready + counts.held + counts.leased
    const oldestMs = oldestUnfinishedMs === undefined ? 0 : Math.max(0, clock.now() - oldestUnfinishedMs)
    const needAttention = counts.dead + counts.quarantined + counts.conflict
    const isBad = waiting > maxWaiting || oldestMs > maxAgeMs || needAttention > 0
    return { status: isBad ? 'warn' : 'pass', waiting, oldestMs, needAttention }
  } catch {
    return { status: 'fail', waiting: 0, oldestMs: 0, needAttention: 0 }
  }
}
