import { hash } from 'node:crypto'
import { type Clock, systemClock } from '../../core/clock.ts'
import { listeners, requeueable, retentionOf, stateAfter } from '../inbox-rules.ts'
import {
  type Claim,
  eventStates,
  type EventKey,
  type EventState,
  type Inbox,
  type InboxEvent,
  type InboxLimits,
  type NewEvent,
  type PutResult,
  type Selector,
} from '../inbox.ts'
import { DueQueue } from './due-queue.ts'

export interface MemoryInboxOptions extends InboxLimits {
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

type Row = { -readonly [Field in keyof InboxEvent]: InboxEvent[Field] } & {
  fence: number
  owner: string
  /** Of the body, once the body is gone. */
  digest?: string
}

/**
 * Makes an inbox that lives as long as the process: for tests and scenarios, where it costs
 * microseconds. Effects run in the same turn as the settling, but what they did is not undone when one throws.
 */
export function createMemoryInbox(options: MemoryInboxOptions = {}): Inbox<undefined> {
  const { clock = systemClock, maxUnfinished = Number.POSITIVE_INFINITY, reviveDead = true } = options
  const rows = new Map<number, Row>()
  const byKey = new Map<string, Row>()
  const unfinished = new DueQueue<Row>()
  const laneHolders = new Map<string, Row>()
  const counts = Object.fromEntries(eventStates.map((state) => [state, 0])) as Record<EventState, number>
  const watchers = listeners()
  let seq = 0

  function move(row: Row, state: EventState, dueAtMs: number): void {
    if (isUnfinished(row.state)) unfinished.remove(row)
    counts[row.state]--
    counts[state]++
    row.state = state
    row.dueAtMs = dueAtMs
    if (isUnfinished(state)) unfinished.add(row)
  }

  function insert(key: string, event: NewEvent, state: EventState): void {
    const nowMs = clock.now()
    const { provider, account, subscription, eventId, type, body, occurredAtMs, lane } = event
    const row: Row = {
      seq: ++seq,
      provider,
      account,
      subscription,
      eventId,
      type,
      body,
      state,
      receivedAtMs: nowMs,
      dueAtMs: nowMs,
      attempts: 0,
      crashes: 0,
      replays: 0,
      fence: 0,
      owner: '',
    }
    if (occurredAtMs !== undefined) row.occurredAtMs = occurredAtMs
    if (lane !== undefined) row.lane = lane
    counts[state]++
    rows.set(row.seq, row)
    byKey.set(key, row)
    if (isUnfinished(state)) unfinished.add(row)
  }

  function putOne(event: NewEvent): PutResult {
    const key = textOf(event)
    const known = byKey.get(key)
    if (known !== undefined && !sameBody(known, event.body)) {
      const twin = `${key}${hash('sha256', event.body)}`
      if (!byKey.has(twin)) insert(twin, event, 'conflict')
      return 'conflict'
    }
    if (known !== undefined && known.state === 'dead' && reviveDead) {
      revive(known)
      return 'revived'
    }
    if (known !== undefined) return 'duplicate'
    if (unfinished.length >= maxUnfinished) return 'full'
    insert(key, event, event.quarantined === true ? 'quarantined' : 'ready')
    return 'inserted'
  }

  function revive(row: Row): void {
    move(row, 'ready', clock.now())
    row.attempts = 0
    row.crashes = 0
    row.replays++
  }

  /** The row that a claim still holds. */
  function held({ event, fence }: Claim): Row | undefined {
    const row = rows.get(event.seq)
    return row?.state === 'leased' && row.fence === fence ? row : undefined
  }

  return {
    guarantees: { survives: 'nothing', atomicEffects: false, shared: false },

    async put(events) {
      const results = events.map(putOne)
      if (results.includes('inserted') || results.includes('revived')) watchers.tell()
      return results
    },

    async claim({ owner, limit, leaseMs, maxCrashes = 3 }) {
      const nowMs = clock.now()
      const claims: Claim[] = []
      for (let at = 0; claims.length < limit;) {
        const row = unfinished.at(at)
        if (row === undefined || row.dueAtMs > nowMs) break
        const holder = row.lane === undefined ? undefined : laneHolders.get(row.lane)
        if (row.state === 'leased' && row.crashes + 1 >= maxCrashes) {
          move(row, 'dead', nowMs)
          row.crashes++
          row.lastError = 'crash-loop'
        } else if (holder !== undefined && holder.state === 'leased' && holder.dueAtMs > nowMs) {
          at++
        } else {
          if (row.state === 'leased') row.crashes++
          move(row, 'leased', nowMs + leaseMs)
          row.attempts++
          row.fence++
          row.owner = owner
          if (row.lane !== undefined) laneHolders.set(row.lane, row)
          claims.push({ event: shownOf(row), owner, fence: row.fence })
        }
      }
      return { claims, nextDueAtMs: unfinished.at(0)?.dueAtMs }
    },

    async settle(claim, outcome, effect) {
      if (held(claim) === undefined) return 'lost'
      if (effect !== undefined) await effect(undefined)
      const row = held(claim)
      if (row === undefined) return 'lost'
      move(row, stateAfter[outcome.kind], clock.now() + (outcome.kind === 'retry' ? outcome.afterMs : 0))
      if ('error' in outcome) row.lastError = outcome.error
      if (row.lane !== undefined && laneHolders.get(row.lane) === row) laneHolders.delete(row.lane)
      return 'settled'
    },

    async extend(claim, leaseMs) {
      const row = held(claim)
      if (row === undefined) return 'lost'
      move(row, 'leased', clock.now() + leaseMs)
      return 'extended'
    },

    async requeue(selector, choice) {
      const states = requeueable(selector, choice)
      const chosen = [...rows.values()].filter((row) => states.includes(row.state) && isSelected(row, selector))
      if (choice.dryRun === true) return chosen.length
      for (const row of chosen) {
        revive(row)
        row.requeued = { by: choice.by, reason: choice.reason }
      }
      if (chosen.length > 0) watchers.tell()
      return chosen.length
    },

    async inspect({ limit = 100, afterSeq = 0, ...selector } = {}) {
      const events: InboxEvent[] = []
      let oldestUnfinishedMs: number | undefined
      for (const row of rows.values()) {
        if (isUnfinished(row.state)) oldestUnfinishedMs ??= row.receivedAtMs
        if (events.length < limit && row.seq > afterSeq && isSelected(row, selector)) events.push(shownOf(row))
      }
      return { events, counts: { ...counts }, ...(oldestUnfinishedMs === undefined ? {} : { oldestUnfinishedMs }) }
    },

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs } = retentionOf(retention)
      const report = { bodies: 0, events: 0 }
      for (const [key, row] of byKey) {
        if (row.state !== 'done' && row.state !== 'superseded') continue
        const ageMs = clock.now() - row.receivedAtMs
        if (ageMs > eventsAfterMs) {
          byKey.delete(key)
          rows.delete(row.seq)
          counts[row.state]--
          report.events++
        } else if (ageMs > bodiesAfterMs && row.body.length > 0) {
          row.digest = hash('sha256', row.body)
          row.body = new Uint8Array(0)
          report.bodies++
        }
      }
      return report
    },

    watch: watchers.add,
    async [Symbol.asyncDispose]() {},
  }
}

function isUnfinished(state: EventState): boolean {
  return state === 'ready' || state === 'leased'
}

/** Lengths keep the parts apart: an id may hold any separator. */
function textOf({ provider, account, subscription, eventId }: EventKey): string {
  return `${provider.length}:${provider}${account.length}:${account}${subscription.length}:${subscription}${eventId}`
}

function sameBody(row: Row, body: Uint8Array): boolean {
  return row.digest === undefined ? Buffer.compare(row.body, body) === 0 : row.digest === hash('sha256', body)
}

function isSelected(row: Row, { seqs, states, provider, type, eventId }: Selector): boolean {
  return (
    (seqs === undefined || seqs.includes(row.seq)) &&
    (states === undefined || states.includes(row.state)) &&
    (provider === undefined || row.provider === provider) &&
    (type === undefined || row.type === type) &&
    (eventId === undefined || row.eventId === eventId)
  )
}

/** The row as it is now, without what only the store needs. */
function shownOf(row: Row): InboxEvent {
  // Named one by one: taking away what is not wanted costs ten times as much.
  const { seq, provider, account, subscription, eventId, type, state, body, receivedAtMs, dueAtMs } = row
  const { attempts, crashes, replays, occurredAtMs, lane, requeued, lastError } = row
  const event: { -readonly [Field in keyof InboxEvent]: InboxEvent[Field] } = {
    seq,
    provider,
    account,
    subscription,
    eventId,
    type,
    state,
    body,
    receivedAtMs,
    dueAtMs,
    attempts,
    crashes,
    replays,
  }
  if (occurredAtMs !== undefined) event.occurredAtMs = occurredAtMs
  if (lane !== undefined) event.lane = lane
  if (requeued !== undefined) event.requeued = requeued
  if (lastError !== undefined) event.lastError = lastError
  return event
}
