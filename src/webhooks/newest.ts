import { type DatabaseSync } from 'node:sqlite'
import { prepare } from './stores/sqlite-prepare.ts'

/** How a version compares with the newest seen for its key; it is remembered when it is newer. */
export type Standing = 'newer' | 'same' | 'older'

/**
 * Makes the check that lets the newest version of each key win, whatever order events arrive in.
 *
 * With a database it is kept there and belongs to the transaction of the effect that asks, so the
 * version and the change that it allowed commit together. Without one it is kept in memory, every key for as long
 * as the function lives: for tests. On `same` the order cannot be known, since
 * providers' times are coarse: ask the provider for the object instead of trusting arrival.
 *
 * @example
 * const standing = newest(database)
 * context.effect((database) => {
 *   const found = standing(intent.id, event.occurredAtMs ?? 0)
 *   if (found === 'newer') saveIntent(database, intent)
 *   if (found === 'same') markForRefetch(database, intent.id)
 * })
 */
export function newest(database?: DatabaseSync): (key: string, version: number) => Standing {
  return database === undefined ? newestInMemory() : newestIn(database)
}

function newestInMemory(): (key: string, version: number) => Standing {
  const versions = new Map<string, number>()
  return (key, version) => {
    const known = versions.get(key)
    if (known !== undefined && known >= version) return known === version ? 'same' : 'older'
    versions.set(key, version)
    return 'newer'
  }
}

function newestIn(database: DatabaseSync): (key: string, version: number) => Standing {
  database.exec('CREATE TABLE IF NOT EXISTS goodfence_newest (key TEXT PRIMARY KEY, version REAL NOT NULL) STRICT')
  const raise = prepare(
    database,
    `INSERT INTO goodfence_newest VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET version = excluded.version WHERE excluded.version > version`,
  )
  const read = prepare(database, 'SELECT version FROM goodfence_newest WHERE key = ?')
  return (key, version) => {
    if (raise.run(key, version).changes === 1) return 'newer'
    return Number(read.get(key)?.['version']) === version ? 'same' : 'older'
  }
}
