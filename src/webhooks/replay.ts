import { type Clock, systemClock } from '../core/clock.ts'
import { requeueable } from './inbox-rules.ts'
import { type Inbox, type RequeueOptions, type Selector } from './inbox.ts'

export interface ReplayOptions extends Omit<RequeueOptions, 'to'> {
  /** At most so many events become ready in a second, so that what failed together does not return together. @default 100 */
  readonly perSecond?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** Ends the replay after the batch at work. */
  readonly signal?: AbortSignal | undefined
  /** Hears after each batch how many events were requeued so far. */
  readonly onProgress?: ((requeued: number) => void) | undefined
}

/**
 * Has events handled again, in the order in which they arrived and not all at once, and answers how many: those that are
 * dead, unless the selector says otherwise. Each is requeued at most once, also when it dies again meanwhile; a replay
 * that was cut off can be started again, and goes on with the rest.
 */
export async function replay(
  inbox: Pick<Inbox<never>, 'inspect' | 'requeue'>,
  selector: Selector,
  options: ReplayOptions,
): Promise<number> {
  const {
    perSecond = 100,
    clock = systemClock,
    signal,
    onProgress,
    by,
    reason,
    dryRun = false,
    force = false,
  } = options
  const choice = { by, reason, dryRun, force }
  const chosen: Selector = { ...selector, states: selector.states ?? ['dead'] }
  if (dryRun) return inbox.requeue(chosen, choice)
  const seqs = await selectedSeqs(inbox, { ...chosen, states: requeueable(chosen, choice) })
  const batch = Math.max(1, Math.min(100, Math.floor(perSecond)))

  let requeued = 0
  for (let from = 0; from < seqs.length && signal?.aborted !== true; from += batch) {
    if (from > 0) await clock.sleep((batch / perSecond) * 1_000)
    requeued += await inbox.requeue({ ...chosen, seqs: seqs.slice(from, from + batch) }, choice)
    onProgress?.(requeued)
  }
  return requeued
}

/** What is selected now: what joins it meanwhile is not meant. */
async function selectedSeqs(inbox: Pick<Inbox<never>, 'inspect'>, selector: Selector): Promise<readonly number[]> {
  const seqs: number[] = []
  for (;;) {
    const { events } = await inbox.inspect({ ...selector, afterSeq: seqs.at(-1) ?? 0, limit: 200 })
    if (events.length === 0) return seqs
    for (const { seq } of events) seqs.push(seq)
  }
}
