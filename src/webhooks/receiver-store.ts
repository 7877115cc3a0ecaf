import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type NewEvent, type PutResult } from './inbox.ts'
import { type ReceiverOutcome } from './receiver-exits.ts'
import { type ReceiverOptions } from './receiver-options.ts'
import { within } from './within.ts'

const outcomes: Readonly<Record<PutResult, ReceiverOutcome>> = {
  full: 'inbox_full',
  inserted: 'stored',
  revived: 'revived',
  conflict: 'conflict',
  duplicate: 'duplicate',
}

/** Of several events the first of these that one ended in is what became of the delivery: all must be kept, or none counts. */
const byWeight: readonly PutResult[] = ['full', 'inserted', 'revived', 'conflict', 'duplicate']

/** What may wait for an inbox in all. */
const maxPendingBytes = 64 * 2 ** 20

/** What an event that waits costs beside its body. */
const bytesOfEvent = 4_096

/**
 * Makes the function that puts the events of one delivery into the inbox, in one durable step. An inbox that fails or
 * hangs is an outcome too: the provider will come again.
 */
export function storer(
  { inbox, storeTimeoutMs = 10_000 }: ReceiverOptions,
  clock: Clock,
): (events: readonly NewEvent[]) => Promise<ReceiverOutcome> {
  const late = () =>
    new GoodfenceError('timeout', 'The inbox did not answer.', { timeoutMs: storeTimeoutMs, phase: 'attempt' })
  let pendingBytes = 0

  /** Puts events, and counts them until the inbox has answered, which may be long after we gave up waiting. */
  function put(events: readonly NewEvent[]): ReturnType<typeof inbox.put> {
    const bytes = events.reduce((sum, { body }) => sum + body.length + bytesOfEvent, 0)
    const stored = inbox.put(events)
    pendingBytes += bytes
    const settle = () => void (pendingBytes -= bytes)
    stored.then(settle, settle)
    return stored
  }

  return async (events) => {
    // An inbox that hangs must not hold everything that comes meanwhile in memory.
    if (pendingBytes > maxPendingBytes) return 'inbox_failed'
    try {
      const results = await within(clock, storeTimeoutMs, put(events), late)
      if (results.length !== events.length) return 'inbox_failed'
      const worst = results.length === 1 ? results[0] : byWeight.find((each) => results.includes(each))
      if (worst === undefined) return 'inbox_failed'
      return worst === 'inserted' && isAllQuarantined(events, results) ? 'quarantined' : outcomes[worst]
    } catch {
      return 'inbox_failed'
    }
  }
}

function isAllQuarantined(events: readonly NewEvent[], results: readonly PutResult[]): boolean {
  return events.every((event, at) => event.quarantined === true || results[at] !== 'inserted')
}
