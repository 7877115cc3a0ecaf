/**
 * An inbox in Redis: a buffer that many machines share.
 *
 * @module
 */
import { type Clock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { listeners, requeueable, requirePlace, retentionOf, stateAfter } from '../inbox-rules.ts'
import {
  type Claim,
  type DeadGroup,
  type EventState,
  eventStates,
  type Inbox,
  type InboxEvent,
  type InboxLimits,
  type Inspection,
  type PutResult,
  type Selector,
} from '../inbox.ts'
import { type RedisClient, type Reply, requireKeeping, scriptRunner } from './redis-client.ts'
import { argumentsOf, eventOf } from './redis-event.ts'
import { type Script } from './redis-scripts.ts'

export { type RedisCaller, type RedisClient } from './redis-client.ts'

export interface RedisInboxOptions extends InboxLimits {
  /** A connected client or cluster of `redis`, for Redis 7 or later. It stays open when the inbox is disposed. */
  readonly client: RedisClient
  /** What every key begins with, in braces: all are on one node of a cluster. @default 'goodfence' */
  readonly prefix?: string | undefined
  /** For tests. @default the server's own time, so that workers need not agree on it */
  readonly clock?: Clock | undefined
}

/** How many events one script looks at: Redis answers nobody else meanwhile. */
const pageSize = 500

/**
 * Makes an inbox in Redis, which is a buffer: what was put outlives our processes and as much else as Redis was set up
 * to outlive, which with its usual append-only file is all but the last second. Effects do not commit along, so none can
 * be given. Its first use throws `environment` when Redis would throw events away to make room.
 *
 * @example
 * const inbox = createRedisInbox({ client: await createClient({ url }).connect() })
 */
export function createRedisInbox(options: RedisInboxOptions): Inbox<never> {
  const { client, prefix = 'goodfence', clock, maxUnfinished, reviveDead = true } = options
  const runScript = scriptRunner(client, prefix)
  const watchers = listeners()
  let checked: Promise<void> | undefined

  /** Runs a script at the present time, and lets no virtual clock jump before Redis has answered. */
  function run(name: Script, args: readonly (string | number | Buffer)[]): Promise<Reply> {
    const work = async () => {
      checked ??= requireKeeping(runScript).catch((error: unknown) => {
        checked = undefined
        throw error
      })
      await checked
      return runScript(name, [clock === undefined ? '' : Math.floor(clock.now()), ...args])
    }
    return clock === undefined ? work() : clock.hold(work())
  }

  /** The events that a selector chooses, page by page, in order of arrival. */
  async function* events(selector: Selector, limit: number, afterSeq = 0, bodies = true): AsyncGenerator<InboxEvent> {
    const states = JSON.stringify(selector.states ?? eventStates)
    for (let left = limit, after = String(afterSeq); left > 0;) {
      const args = [JSON.stringify(selector), states, after, pageSize, Math.min(left, pageSize), Number(bodies)]
      const [stopped, shown] = (await run('inspect', args)) as [Buffer, Reply[]]
      for (const reply of shown) yield eventOf(reply).event
      if (stopped.length === 0) return
      left -= shown.length
      after = String(stopped)
    }
  }

  async function deadGroups(): Promise<readonly DeadGroup[]> {
    const groups = new Map<string, DeadGroup>()
    for await (const event of events({ states: ['dead'] }, Number.POSITIVE_INFINITY, 0, false)) {
      const { provider, type, lastError = '', receivedAtMs } = event
      const key = JSON.stringify([provider, type, lastError])
      const { count = 0, oldestMs = receivedAtMs } = groups.get(key) ?? {}
      groups.set(key, { provider, type, lastError, count: count + 1, oldestMs, newestMs: receivedAtMs })
    }
    const sorted = [...groups].toSorted(([a, { count: some }], [b, { count: more }]) => more - some || (a < b ? -1 : 1))
    return sorted.slice(0, 100).map(([, group]) => group)
  }

  return {
    guarantees: { survives: 'process', atomicEffects: false, shared: true },

    async put(all) {
      all.forEach(requirePlace)
      const limit = maxUnfinished === undefined ? '' : maxUnfinished
      const reply = await run('put', [limit, Number(reviveDead), ...all.flatMap(argumentsOf)])
      const results = (reply as readonly Buffer[]).map(String) as PutResult[]
      if (results.includes('inserted') || results.includes('revived')) watchers.tell()
      return results
    },

    async claim({ owner, limit, leaseMs, maxCrashes = 3, exceptProviders = [] }) {
      const args = [owner, limit, Math.ceil(leaseMs), maxCrashes, JSON.stringify(exceptProviders)]
      const [claimed, due, newest] = (await run('claim', args)) as [Reply[], Buffer, Buffer]
      const newestSeq = Number(newest)
      const claims = claimed.map((reply): Claim => {
        const { event, fence } = eventOf(reply)
        return { event, owner, fence, newestSeq }
      })
      return { claims, nextDueAtMs: due.length === 0 ? undefined : Number(due) }
    },

    async settle({ event, fence }, outcome, effect?: unknown) {
      if (effect !== undefined) throw noEffects()
      const pauseMs = outcome.kind === 'retry' ? outcome.afterMs : outcome.kind === 'hold' ? outcome.forMs : 0
      const settled = await run('settle', [
        event.seq,
        fence,
        outcome.kind,
        stateAfter[outcome.kind],
        Math.ceil(pauseMs),
        'error' in outcome ? outcome.error : '',
        outcome.kind === 'done' ? (outcome.coversSeq ?? '') : '',
        ...(outcome.kind === 'hold' && outcome.marker !== undefined ? [outcome.marker] : []),
      ])
      return settled === 1 ? 'settled' : 'lost'
    },

    async extend({ event, fence }, leaseMs) {
      return (await run('extend', [event.seq, fence, Math.ceil(leaseMs)])) === 1 ? 'extended' : 'lost'
    },

    async requeue(selector, choice) {
      const { by, reason, dryRun = false, to = 'handle' } = choice
      const states = JSON.stringify(requeueable(selector, choice))
      const change = dryRun ? 'count' : to
      let count = 0
      for (let after = '0'; after !== '';) {
        const args = [JSON.stringify(selector), states, after, pageSize, change, by, reason]
        const [stopped, chosen] = (await run('requeue', args)) as [Buffer, number]
        count += chosen
        after = String(stopped)
      }
      if (count > 0 && !dryRun) watchers.tell()
      return count
    },

    async inspect({ limit = 100, afterSeq = 0, problems = false, ...selector } = {}) {
      const shown: InboxEvent[] = []
      for await (const event of events(selector, limit, afterSeq)) shown.push(event)
      const [counts, oldest, blocked] = (await run('numbers', [JSON.stringify(eventStates)])) as [
        number[],
        Buffer,
        [Buffer, Buffer, number][],
      ]
      const found: Inspection = {
        events: shown,
        counts: Object.fromEntries(eventStates.map((state, at) => [state, counts[at]])) as Record<EventState, number>,
        ...(oldest.length === 0 ? {} : { oldestUnfinishedMs: Number(oldest) }),
      }
      if (!problems) return found
      const blockedLanes = blocked.map(([lane, seq, waiting]) => ({ lane: String(lane), seq: Number(seq), waiting }))
      return { ...found, problems: { dead: await deadGroups(), blockedLanes } }
    },

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs, tombstonesAfterMs } = retentionOf(retention)
      const report = { bodies: 0, events: 0, tombstones: 0 }
      for (let after = '0'; after !== '';) {
        const args = [after, pageSize, bodiesAfterMs, eventsAfterMs, tombstonesAfterMs]
        const [stopped, bodies, gone, tombstones] = (await run('prune', args)) as [Buffer, number, number, number]
        report.bodies += bodies
        report.events += gone
        report.tombstones += tombstones
        after = String(stopped)
      }
      return report
    },

    watch: watchers.add,
    async [Symbol.asyncDispose]() {},
  }
}

function noEffects(): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', 'Redis cannot commit an effect together with the settling of its event.', {
    mend: 'make the change in the handler, guarded by a unique row in its own database, or use SQLite or PostgreSQL',
  })
}
