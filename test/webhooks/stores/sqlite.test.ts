import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { virtualClock } from '../../../src/core/virtual-clock.ts'
import { type Inbox } from '../../../src/webhooks/inbox.ts'
import { createSqliteInbox } from '../../../src/webhooks/stores/sqlite.ts'
import { prepare } from '../../../src/webhooks/stores/sqlite-prepare.ts'
import { goesOnFromFirstSchema } from '../../suites/inbox-migration.ts'
import { arrived, inboxLaws } from '../../suites/inbox-store.ts'
import { sameAsMemory } from '../../suites/same-as-memory.ts'
import { firstSchema } from '../../support/first-schema.ts'
import { secondSchema } from '../../support/second-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'goodfence-inbox-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `${++files}.db`)

const databases = new WeakMap<Inbox<DatabaseSync>, DatabaseSync>()
const settings: Readonly<Record<string, DatabaseSyncOptions>> = {
  SQLite: {},
  'SQLite in a database whose statements the application has set otherwise': {
    readBigInts: true,
    returnArrays: true,
    allowBareNamedParameters: false,
  },
}
for (const [name, setting] of Object.entries(settings))
  inboxLaws<DatabaseSync>({
    name,
    async open(options) {
      const database = new DatabaseSync(':memory:', setting)
      database.exec('CREATE TABLE effects (id INTEGER PRIMARY KEY)')
      const inbox = createSqliteInbox({ ...options, database })
      databases.set(inbox, database)
      return inbox
    },
    effects: {
      write: (database) => database.exec('INSERT INTO effects DEFAULT VALUES'),
      async count(inbox) {
        const database = databases.get(inbox) as DatabaseSync
        return Number(prepare(database, 'SELECT count(*) AS count FROM effects').get()?.['count'])
      },
    },
  })

sameAsMemory('SQLite', async (clock) => createSqliteInbox({ database: ':memory:', clock }))

describe('an inbox in an SQLite file', () => {
  test('has its events after it was closed and opened again', async () => {
    const database = newFile()
    const first = createSqliteInbox({ database })
    await first.put([arrived('a')])
    await first[Symbol.asyncDispose]()
    const second = createSqliteInbox({ database })
    expect(await second.put([arrived('a')])).toEqual(['duplicate'])
    expect((await second.claim({ owner: 'w', limit: 1, leaseMs: 1 })).claims).toHaveLength(1)
    await second[Symbol.asyncDispose]()
  })

  test.each([
    ['waits for the locks of others in a database that would not', undefined, 5_000],
    ["keeps the application's own patience", 250, 250],
  ])('%s', async (_, timeout, expected) => {
    using database = new DatabaseSync(newFile(), timeout === undefined ? {} : { timeout })
    await using _inbox = createSqliteInbox({ database })
    expect(database.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: expected })
  })

  test('can be used by two processes at once', async () => {
    const database = newFile()
    await using one = createSqliteInbox({ database })
    await using two = createSqliteInbox({ database })
    expect(await one.put([arrived('a')])).toEqual(['inserted'])
    expect(await two.put([arrived('a')])).toEqual(['duplicate'])
    expect((await two.claim({ owner: 'two', limit: 5, leaseMs: 60_000 })).claims).toHaveLength(1)
    expect((await one.claim({ owner: 'one', limit: 5, leaseMs: 60_000 })).claims).toHaveLength(0)
  })

  test('can be read by its owner alone', async () => {
    const database = newFile()
    await using inbox = createSqliteInbox({ database })
    await inbox.put([arrived('a')])
    for (const file of [database, `${database}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('promises to outlive a power cut, and in memory nothing', async () => {
    await using file = createSqliteInbox({ database: newFile() })
    await using memory = createSqliteInbox({ database: ':memory:' })
    expect(file.guarantees).toEqual({ survives: 'power-cut', atomicEffects: true, shared: true })
    expect(memory.guarantees).toEqual({ survives: 'nothing', atomicEffects: true, shared: false })
  })

  test('goes on with the tables of the first version', async () => {
    const database = new DatabaseSync(':memory:')
    database.exec(firstSchema.SQLite)
    await goesOnFromFirstSchema(createSqliteInbox({ database }))
  })

  test('leaves a process of the first version at work', () => {
    const database = new DatabaseSync(':memory:')
    database.exec(firstSchema.SQLite)
    const due = `SELECT seq FROM goodfence_inbox INDEXED BY goodfence_inbox_due
      WHERE state IN ('ready', 'leased') AND due_at_ms <= ? ORDER BY due_at_ms, seq`
    const before = database.prepare(due)
    createSqliteInbox({ database })
    expect(before.all(1_767_225_600_000)).toHaveLength(3)
  })

  test('goes on with the tables of the second version', async () => {
    const database = new DatabaseSync(':memory:')
    database.exec(firstSchema.SQLite + secondSchema)
    await goesOnFromFirstSchema(createSqliteInbox({ database }))
  })

  test('leaves a process of the second version at work', () => {
    const database = new DatabaseSync(':memory:')
    database.exec(firstSchema.SQLite + secondSchema)
    const due = `SELECT seq FROM goodfence_inbox INDEXED BY goodfence_inbox_open
      WHERE state IN ('ready', 'held', 'leased') AND due_at_ms <= ? ORDER BY due_at_ms, seq`
    const before = database.prepare(due)
    createSqliteInbox({ database })
    expect(before.all(1_767_225_600_000)).toHaveLength(3)
  })

  test.each([
    ['made by today’s version', ''],
    ['that the second version used', firstSchema.SQLite + secondSchema],
  ])('writes no index for the first version in a file %s', (_, schema) => {
    const database = new DatabaseSync(':memory:')
    database.exec(schema)
    createSqliteInbox({ database })
    const named = database.prepare(
      `SELECT name FROM sqlite_master WHERE name IN ('goodfence_inbox_due', 'goodfence_inbox_lane')`,
    )
    expect(named.all()).toEqual([])
  })

  test('stays out of the way of the tables of an application that shares the database', async () => {
    const database = new DatabaseSync(':memory:')
    database.exec('PRAGMA user_version = 7; CREATE TABLE orders (id TEXT PRIMARY KEY)')
    await createSqliteInbox({ database })[Symbol.asyncDispose]()
    expect(database.isOpen).toBe(true)
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 7 })
  })

  test('commits what is put in one turn together', async () => {
    await using inbox = createSqliteInbox({ database: ':memory:' })
    let commits = 0
    inbox.watch(() => commits++)
    await Promise.all(Array.from({ length: 20 }, (_, index) => inbox.put([arrived(`e${index}`)])))
    expect(commits).toBe(1)
  })

  test('commits what is read from several sockets in one turn of the loop together', async () => {
    await using inbox = createSqliteInbox({ database: ':memory:' })
    let commits = 0
    inbox.watch(() => commits++)
    const puts = await new Promise<Promise<unknown>[]>((resolve) => {
      // As callbacks of sockets: a tick of its own for each.
      const first = inbox.put([arrived('a')])
      process.nextTick(() => process.nextTick(() => resolve([first, inbox.put([arrived('b')])])))
    })
    await Promise.all(puts)
    expect(commits).toBe(1)
  })

  test('lets no failing put take others with it', async () => {
    await using inbox = createSqliteInbox({ database: ':memory:' })
    const broken = arrived('b', { type: undefined as never })
    const results = await Promise.allSettled([
      inbox.put([arrived('a')]),
      inbox.put([broken]),
      inbox.put([arrived('c')]),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ ready: 2 })
  })

  test('stores nothing of a put of which SQLite refuses one event', async () => {
    await using inbox = createSqliteInbox({ database: ':memory:' })
    const refused = arrived('b', { type: null as never })
    await expect(inbox.put([arrived('a'), refused, arrived('c')])).rejects.toThrow(/NOT NULL/)
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ ready: 0 })
    expect(await inbox.put([arrived('a')])).toEqual(['inserted'])
  })

  test('stores what is put before it is disposed', async () => {
    const database = newFile()
    const inbox = createSqliteInbox({ database })
    const put = inbox.put([arrived('a')])
    await inbox[Symbol.asyncDispose]()
    expect(await put).toEqual(['inserted'])
  })

  test('refuses an effect that answers a promise and rolls it back', async () => {
    await using inbox = createSqliteInbox({ database: ':memory:' })
    await inbox.put([arrived('a')])
    const [claim] = (await inbox.claim({ owner: 'w', limit: 1, leaseMs: 1_000 })).claims
    const settling = inbox.settle(claim as never, { kind: 'done' }, async () => {})
    await expect(settling).rejects.toMatchObject({ code: 'usage' })
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ leased: 1 })
  })

  test('refuses an effect that answers what only runs when it is awaited, such as a query builder’s query', async () => {
    await using inbox = createSqliteInbox({ database: ':memory:' })
    await inbox.put([arrived('a')])
    const [claim] = (await inbox.claim({ owner: 'w', limit: 1, leaseMs: 1_000 })).claims
    // oxlint-disable-next-line unicorn/no-thenable -- it is what such a library answers
    const query = { then: () => expect.unreachable() }
    const settling = inbox.settle(claim as never, { kind: 'done' }, () => query as never)
    await expect(settling).rejects.toMatchObject({ code: 'usage' })
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ leased: 1 })
  })

  test('takes times between two milliseconds', async () => {
    const clock = virtualClock({ startMs: 1.5 })
    await using inbox = createSqliteInbox({ database: ':memory:', clock })
    await inbox.put([arrived('a')])
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 0.5 })
    expect(await inbox.extend(claims[0] as never, 3.7)).toBe('extended')
  })

  test.each([
    ['lies in a folder that does not exist', () => join(folder, 'missing', 'a.db')],
    [
      'is not a database',
      () => {
        const path = newFile()
        writeFileSync(path, 'not a database, but long enough to have had a header in it'.repeat(20))
        chmodSync(path, 0o600)
        return path
      },
    ],
  ])('is refused by name when it %s', (_, path) => {
    const database = path()
    expect(() => createSqliteInbox({ database })).toThrow(
      expect.objectContaining({ code: 'environment', message: expect.stringContaining(database) }),
    )
  })

  test('is refused when a newer version wrote it', () => {
    const database = new DatabaseSync(':memory:')
    createSqliteInbox({ database })
    database.exec('UPDATE goodfence_schema SET version = 99')
    expect(() => createSqliteInbox({ database })).toThrow(/schema 99/)
  })
})
