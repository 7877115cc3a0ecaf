import { systemClock } from '../../src/core/clock.ts'
import { randomInt, seededRandom } from '../../src/core/random.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { type InboxAddress, openKillable } from './killable-inbox.ts'

export interface SerialOptions {
  readonly address: InboxAddress
  readonly events: number
  readonly keys: number
  /** How many attempts in a hundred fail. */
  readonly failPercent: number
  /** How many events of a poison key, which always fail, stand among the first. */
  readonly poison: number
  readonly workers: number
  readonly seed: number
  readonly onProgress?: (line: string) => void
}

/** What became of the order of each key. */
export interface SerialReport {
  readonly handled: number
  readonly failures: number
  /** Events that were handled after a later one of their key, or twice, or never. */
  readonly outOfOrder: number
  /** Events of the poison key that were handled; the rest of it waits. */
  readonly poisonHandled: number
  readonly ms: number
}

/**
 * Handles events of many keys in serial order with real workers, each with an inbox of its own, while they arrive, and
 * lets some attempts fail. Ends when all but the poison key are done.
 */
export async function serialLoad(options: SerialOptions): Promise<SerialReport> {
  const { address, events, keys, failPercent, poison, workers, seed, onProgress } = options
  const startMs = performance.now()
  const draw = seededRandom(seed, 'keys')
  const chance = seededRandom(seed, 'failures')
  let failures = 0
  const sent = new Map<string, string[]>()
  await using first = await openKillable(address)
  const opened = [first]
  for (let at = 1; at < workers; at++) opened.push(await openKillable(address))

  const running = opened.map(({ inbox, effect }) =>
    createWorker<unknown>({
      inbox,
      concurrency: 8,
      pollMs: 100,
      pausesMs: Array<number>(10_000).fill(20),
      handle(event, context) {
        if (event.id.startsWith('poison')) throw new Error('poison')
        if (chance() * 100 < failPercent) {
          failures++
          throw new Error('again')
        }
        context.effect(effect(event.id, context.attempt))
      },
    }),
  )
  for (const worker of running) worker.start()

  const placed = (id: string, key: string) => {
    const body = new TextEncoder().encode(`{"id":"${id}"}`)
    const place = { lane: key, laneOrder: 'strict' as const }
    return { provider: 'stripe', account: '', subscription: '', type: 'test.event', eventId: id, body, ...place }
  }
  await first.inbox.put(Array.from({ length: poison }, (_, at) => placed(`poison/${at}`, 'poison')))
  for (let at = 0; at < events; at += 50) {
    const batch = Array.from({ length: Math.min(50, events - at) }, (_, offset) => {
      const key = `key${randomInt(draw, keys)}`
      const id = `${key}/${at + offset}`
      const known = sent.get(key) ?? []
      sent.set(key, known)
      known.push(id)
      return placed(id, key)
    })
    await first.inbox.put(batch)
    // Workers on SQLite share this thread.
    await systemClock.sleep(0)
  }

  for (let told = 0; ;) {
    const { done } = (await first.inbox.inspect({ limit: 0 })).counts
    if (done >= events) break
    if (Math.floor((done * 4) / events) > told)
      onProgress?.(`${(told = Math.floor((done * 4) / events)) * 25} % handled`)
    await systemClock.sleep(100)
  }
  for (const worker of running) await worker.stop()
  const effects = await first.effects()
  for (const { inbox: _inbox, ...other } of opened.slice(1)) await other[Symbol.asyncDispose]()

  const handled = Map.groupBy(effects, (id) => id.slice(0, id.indexOf('/')))
  let outOfOrder = 0
  for (const [key, ids] of sent) outOfOrder += ids.filter((id, at) => handled.get(key)?.[at] !== id).length
  return {
    handled: effects.length,
    failures,
    outOfOrder: outOfOrder + Math.max(0, effects.length - events),
    poisonHandled: effects.filter((id) => id.startsWith('poison')).length,
    ms: Math.round(performance.now() - startMs),
  }
}
