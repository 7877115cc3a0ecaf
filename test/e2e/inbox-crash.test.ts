import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findServer } from '../support/find-server.ts'
import { type InboxAddress } from '../support/killable-inbox.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'
import { randomKills } from '../support/random-kills.ts'
import { serialLoad } from '../support/serial-load.ts'

// What `npm run soak` does for minutes, here for seconds.

const server = await findServer(postgres)
const folder = mkdtempSync(join(tmpdir(), 'goodfence-kills-'))
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server?.[Symbol.asyncDispose]()
})

let files = 0
const file = (): InboxAddress => ({ store: 'SQLite', file: join(folder, `${++files}.db`) })
async function schema(): Promise<InboxAddress> {
  const { url, newSchema } = server as PostgresServer
  return { store: 'PostgreSQL', url, schema: await newSchema() }
}

const events = 60
const slow = { timeout: 120_000 }
const kills = { events, seed: 3, workers: 2, killWithin: 60, maxKills: 8 }

describe.each([
  { store: 'SQLite', address: async () => file() },
  { store: 'PostgreSQL', address: schema },
])('processes on $store that are killed at random', ({ store, address }) => {
  test.runIf(store === 'SQLite' || server !== undefined)('lose no event and make no effect twice', slow, async () => {
    const report = await randomKills({ ...kills, address: await address(), manner: 'careful' })
    expect(report.kills).toBeGreaterThanOrEqual(6)
    expect(report).toMatchObject({ taken: events, done: events, lost: 0, twice: 0 })
  })

  test.runIf(store === 'SQLite' || server !== undefined)(
    'keep the order of every key, and no poison key delays another',
    slow,
    async () => {
      const load = { events: 600, keys: 60, failPercent: 5, poison: 20, workers: 2, seed: 3 }
      const report = await serialLoad({ ...load, address: await address() })
      expect(report.failures).toBeGreaterThan(10)
      expect(report).toMatchObject({ handled: 600, outOfOrder: 0, poisonHandled: 0 })
    },
  )
})

test(
  'effects that are not part of the settling are made twice, which shows that the check can tell',
  slow,
  async () => {
    const report = await randomKills({ ...kills, address: file(), manner: 'careless', killWithin: 25, maxKills: 16 })
    expect(report).toMatchObject({ taken: events, done: events, lost: 0 })
    expect(report.twice).toBeGreaterThan(0)
  },
)
