import { hash } from 'node:crypto'
import { type Clock, systemClock } from '../../core/clock.ts'
import { hashOfKey, textOfKey } from '../event-key.ts'
import { isOrdered, listeners, requeueable, requirePlace, retentionOf, stateAfter } from '../inbox-rules.ts'
import {
  type Claim,
  eventStates,
  type EventState,
  type Inbox,
  type InboxEvent,
  type InboxLimits,
  neverMs,
  type NewEvent,
  type Outcome,
  type PutResult,
} from '../inbox.ts'
import { DueQueue } from './due-queue.ts'
import { isSelected, mayWait, problemsOf, type Row, sameBody, shownOf, withoutPlace } from './memory-row.ts'
import { isUnfinished, Waits } from './memory-waits.ts'

export interface MemoryInboxOptions extends InboxLimits {
  /** @default the system's clock */
  readonly clock?: Clock | undefined
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
  const waits = new Waits<Row>()
  const tombstones = new Map<string, number>()
  const counts = Object.fromEntries(eventStates.map((state) => [state, 0])) as Record<EventState, number>
  const watchers = listeners()
  let seq = 0

  function move(row: Row, state: EventState, dueAtMs: number): void {
    if (isUnfinished(row.state)) unfinished.remove(row)
    if (mayWait(row)) waits.remove(row)
    counts[row.state]--
    counts[state]++
    row.state = state
    row.dueAtMs = dueAtMs
    if (isUnfinished(state)) unfinished.add(row)
    if (mayWait(row)) waits.add(row)
  }

  function insert(key: string, event: NewEvent, asked: EventState): void {
    const nowMs = clock.now()
    const { provider, account, subscription, eventId, type, body, occurredAtMs, lane, laneOrder, marker, after } = event
    const isHeld = asked === 'ready' && (isOrdered(event) || after !== undefined)
    const state = isHeld ? 'held' : asked
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
      dueAtMs: !isHeld ? nowMs : after === undefined ? neverMs : Math.min(nowMs + after.timeoutMs, neverMs),
      attempts: 0,
      crashes: 0,
      replays: 0,
      fence: 0,
      owner: '',
    }
    if (occurredAtMs !== undefined) row.occurredAtMs = occurredAtMs
    if (lane !== undefined) row.lane = lane
    if (laneOrder !== undefined && isOrdered(event)) row.laneOrder = laneOrder
    if (marker !== undefined) row.marker = marker
    if (isHeld && after !== undefined) row.waitsFor = after.marker
    counts[state]++
    rows.set(row.seq, row)
    byKey.set(key, row)
    if (isUnfinished(state)) unfinished.add(row)
    if (!mayWait(row)) return
    waits.add(row)
    wakeLane(row)
    announce(row.waitsFor)
  }

  function putOne(event: NewEvent): PutResult {
    requirePlace(event)
    const key = textOfKey(event)
    const known = byKey.get(key)
    if (known !== undefined && !sameBody(known, event.body)) {
      const twin = `${key}${hash('sha256', event.body)}`
      if (!byKey.has(twin)) insert(twin, withoutPlace(event), 'conflict')
      return 'conflict'
    }
    if (known !== undefined && known.state === 'dead' && reviveDead) {
      revive(known)
      return 'revived'
    }
    if (known !== undefined || (tombstones.size > 0 && tombstones.has(hashOfKey(event)))) return 'duplicate'
    if (unfinished.length >= maxUnfinished) return 'full'
    insert(key, event, event.quarantined === true ? 'quarantined' : 'ready')
    return 'inserted'
  }

  function revive(row: Row): void {
    if (row.waitsFor !== undefined) delete row.waitsFor
    if (isOrdered(row)) move(row, 'held', neverMs)
    else move(row, 'ready', clock.now())
    row.attempts = 0
    row.crashes = 0
    row.replays++
    wakeLane(row)
  }

  /** Wakes the row that the turn has come to in an ordered lane. */
  function wakeLane(row: Row): void {
    const next = isOrdered(row) ? waits.nextOf(row.lane as string) : undefined
    if (next !== undefined) move(next, 'ready', clock.now())
  }

  /** Wakes what waits for a marker of which an event was handled. */
  function announce(marker: string | undefined): void {
    if (marker === undefined) return
    for (const row of waits.wokenBy(marker)) {
      move(row, 'ready', clock.now())
      delete row.waitsFor
    }
  }

  /** Wakes what a settled row held up, and supersedes what it covers. */
  function release(row: Row, outcome: Outcome): void {
    const isHandled = row.state === 'done' || row.state === 'superseded'
    if (outcome.kind === 'done' && outcome.coversSeq !== undefined && isOrdered(row)) {
      for (const covered of waits.parkedUpTo(row.lane as string, outcome.coversSeq)) {
        move(covered, 'superseded', clock.now())
        announce(covered.marker)
      }
    }
    if (isHandled || row.state === 'dead') wakeLane(row)
    if (isHandled) announce(row.marker)
    if (outcome.kind !== 'hold' || outcome.marker === undefined) return
    announce(outcome.marker)
    if (row.waitsFor === undefined) row.attempts++
  }

  /** The row that a claim still holds. */
  function held({ event, fence }: Claim): Row | undefined {
    const row = rows.get(event.seq)
    return row?.state === 'leased' && row.fence === fence ? row : undefined
  }

  /** When the next row comes due, of all but these providers. */
  function nextDueAtMs(exceptProviders: readonly string[]): number | undefined {
    for (let at = 0; ; at++) {
      const row = unfinished.at(at)
      if (row === undefined || row.dueAtMs === neverMs) return undefined
      if (!exceptProviders.includes(row.provider)) return row.dueAtMs
    }
  }

  return {
    guarantees: { survives: 'nothing', atomicEffects: false, shared: false },

    async put(events) {
      const results = events.map(putOne)
      if (results.includes('inserted') || results.includes('revived')) watchers.tell()
      return results
    },

    async claim({ owner, limit, leaseMs, maxCrashes = 3, exceptProviders = [] }) {
      const nowMs = clock.now()
      const claims: Claim[] = []
      for (let at = 0; claims.length < limit;) {
        const row = unfinished.at(at)
        if (row === undefined || row.dueAtMs > nowMs) break
        const holder = row.lane === undefined || isOrdered(row) ? undefined : laneHolders.get(row.lane)
        if (exceptProviders.includes(row.provider)) {
          at++
        } else if (row.state === 'leased' && row.crashes + 1 >= maxCrashes) {
          move(row, 'dead', nowMs)
          row.crashes++
          row.lastError = 'crash-loop'
          wakeLane(row)
        } else if (holder !== undefined && holder.state === 'leased' && holder.dueAtMs > nowMs) {
          at++
        } else {
          if (row.state === 'leased') row.crashes++
          move(row, 'leased', nowMs + leaseMs)
          row.attempts++
          row.fence++
          row.owner = owner
          if (row.lane !== undefined && !isOrdered(row)) laneHolders.set(row.lane, row)
          claims.push({ event: shownOf(row), owner, fence: row.fence, newestSeq: seq })
        }
      }
      return { claims, nextDueAtMs: nextDueAtMs(exceptProviders) }
    },

    async settle(claim, outcome, effect) {
      if (held(claim) === undefined) return 'lost'
      if (effect !== undefined) await effect(undefined)
      const row = held(claim)
      if (row === undefined) return 'lost'
      const pauseMs = outcome.kind === 'retry' ? outcome.afterMs : outcome.kind === 'hold' ? outcome.forMs : 0
      if (outcome.kind === 'hold') {
        row.attempts--
        if (outcome.marker !== undefined) row.waitsFor = outcome.marker
        else if (row.waitsFor !== undefined) delete row.waitsFor
      }
      move(row, stateAfter[outcome.kind], clock.now() + pauseMs)
      if ('error' in outcome) row.lastError = outcome.error
      if (row.lane !== undefined && laneHolders.get(row.lane) === row) laneHolders.delete(row.lane)
      if (mayWait(row)) release(row, outcome)
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
      const chosen = [...rows.values()].filter(
        // What lost its body has nothing to be handled.
        (row) => states.includes(row.state) && row.digest === undefined && isSelected(row, selector),
      )
      if (choice.dryRun === true) return chosen.length
      // All are moved before any lane wakes the first of them.
      for (const row of chosen) {
        row.requeued = { by: choice.by, reason: choice.reason }
        if (choice.to === 'skip') {
          move(row, 'superseded', clock.now())
          announce(row.marker)
        } else if (isOrdered(row)) {
          if (row.waitsFor !== undefined) delete row.waitsFor
          move(row, 'held', neverMs)
        }
      }
      for (const row of chosen) {
        if (choice.to === 'skip') wakeLane(row)
        else revive(row)
      }
      if (chosen.length > 0) watchers.tell()
      return chosen.length
    },

    async inspect({ limit = 100, afterSeq = 0, problems = false, ...selector } = {}) {
      const events: InboxEvent[] = []
      let oldestUnfinishedMs: number | undefined
      for (const row of rows.values()) {
        if (isUnfinished(row.state)) oldestUnfinishedMs ??= row.receivedAtMs
        if (events.length < limit && row.seq > afterSeq && isSelected(row, selector)) events.push(shownOf(row))
      }
      const numbers = { counts: { ...counts }, ...(oldestUnfinishedMs === undefined ? {} : { oldestUnfinishedMs }) }
      return problems ? { events, ...numbers, problems: problemsOf(rows.values(), waits) } : { events, ...numbers }
    },

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs, tombstonesAfterMs } = retentionOf(retention)
      const report = { bodies: 0, events: 0, tombstones: 0 }
      for (const [key, row] of byKey) {
        if (row.state !== 'done' && row.state !== 'superseded') continue
        const ageMs = clock.now() - row.receivedAtMs
        if (ageMs > eventsAfterMs) {
          byKey.delete(key)
          rows.delete(row.seq)
          if (mayWait(row)) waits.remove(row)
          counts[row.state]--
          tombstones.set(hashOfKey(row), row.receivedAtMs)
          report.events++
        } else if (ageMs > bodiesAfterMs && row.body.length > 0) {
          row.digest = hash('sha256', row.body)
          row.body = new Uint8Array(0)
          report.bodies++
        }
      }
      for (const [key, receivedAtMs] of tombstones) {
        if (clock.now() - receivedAtMs <= tombstonesAfterMs) continue
        tombstones.delete(key)
        report.tombstones++
      }
      return report
    },

    watch: watchers.add,
    async [Symbol.asyncDispose]() {},
  }
}
