import { type DatabaseSync } from 'node:sqlite'
import { type Clock, systemClock } from '../core/clock.ts'
import { type WebhookEvent } from './handler.ts'
import { prepare } from './stores/sqlite-prepare.ts'

/** Which event a step belongs to. */
export type GuardedEvent = Pick<WebhookEvent, 'provider' | 'account' | 'subscription' | 'id'>

/** Makes effects once, however often they are asked for. */
export interface EffectGuard {
  /**
   * Makes the effect of one step of an event, in one transaction with the mark that it was made. `known`: it was made
   * before, and nothing happened. Throws what the effect throws, and then nothing happened either.
   */
  once(event: GuardedEvent, step: string, effect: (database: DatabaseSync) => void): 'made' | 'known'
  /** Forgets marks made before this time, and answers how many. Keep them for as long as an event may be handled again. */
  forget(beforeMs: number): number
}

/** What is made under the key of an event's step. */
export const guardTable = `CREATE TABLE IF NOT EXISTS goodfence_processed (
  scope TEXT NOT NULL, event TEXT NOT NULL, step TEXT NOT NULL, made_at_ms BIGINT NOT NULL, PRIMARY KEY (scope, event, step))`

/** The key of an event's step: scope, event and step. */
export function guardKey(
  { provider, account, subscription, id }: GuardedEvent,
  step: string,
): [string, string, string] {
  return [JSON.stringify([provider, account, subscription]), id, step]
}

/**
 * Makes the guard for effects in a database that is not the inbox's own, as with an inbox that cannot commit effects along: a
 * unique row of provider, account, subscription, event and step beside the effect decides whether it is made.
 *
 * @example
 * const guard = effectGuard(new DatabaseSync('shop.db'))
 * const handle: Handler<never> = (event) => void guard.once(event, 'mark paid', (database) => markPaid(database, event.data))
 */
export function effectGuard(
  database: DatabaseSync,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): EffectGuard {
  database.exec(guardTable)
  const mark = prepare(database, 'INSERT INTO goodfence_processed VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const drop = prepare(database, 'DELETE FROM goodfence_processed WHERE made_at_ms < ?')
  return {
    once(event, step, effect) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const isNew = mark.run(...guardKey(event, step), Math.floor(clock.now())).changes === 1
        if (isNew) effect(database)
        database.exec('COMMIT')
        return isNew ? 'made' : 'known'
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    forget: (beforeMs) => Number(drop.run(Math.floor(beforeMs)).changes),
  }
}
