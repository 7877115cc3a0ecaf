import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../src/core/clock.ts'
import { randomInt, seededRandom } from '../../src/core/random.ts'
import { type Inbox, type NewEvent } from '../../src/webhooks/inbox.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { createWorker } from '../../src/webhooks/worker.ts'

/**
 * A process that takes deliveries, works on them, and ends itself with SIGKILL in the middle: at the step
 * drawn from its seed, or never when that is 0. Each run's clock begins a minute later, so the leases
 * of the dead have run out.
 *
 * Usage: node crashing-worker.ts FILE EVENTS RUN SEED KILL_WITHIN careful|careless
 */
const [file, events, run, seed, killWithin, manner] = process.argv.slice(2) as [string, ...string[]]
const startMs = 1_767_225_600_000 + Number(run) * 60_000
const clock = { ...systemClock, now: () => startMs }
const killAt = Number(killWithin) === 0 ? 0 : 1 + randomInt(seededRandom(`${seed}/${run}`), Number(killWithin))
let steps = 0

/** One place at which a process may die. */
function step(): void {
  if (++steps === killAt) process.kill(process.pid, 'SIGKILL')
}

const database = new DatabaseSync(file, { timeout: 5_000 })
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
database.exec('CREATE TABLE IF NOT EXISTS effects (event TEXT NOT NULL)')
const store = createSqliteInbox({ database, clock })

/** The same inbox, with a place to die before and after each call, and in the middle of a settling. */
const inbox: Inbox<DatabaseSync> = {
  ...store,
  put: (all) => around(() => store.put(all)),
  claim: (options) => around(() => store.claim(options)),
  settle: (claim, outcome, effect) =>
    around(() =>
      store.settle(claim, outcome, (transaction) => {
        step()
        const result = effect?.(transaction)
        step()
        return result
      }),
    ),
}

async function around<Result>(call: () => Promise<Result>): Promise<Result> {
  step()
  const result = await call()
  step()
  return result
}

function delivered(eventId: string): NewEvent {
  return { provider: 'stripe', account: '', subscription: '', eventId, type: 'test.event', body: new Uint8Array(2) }
}

const worker = createWorker<DatabaseSync>({
  inbox,
  clock,
  concurrency: 3,
  maxCrashes: 1_000,
  pausesMs: Array<number>(1_000).fill(0),
  async handle(event, context) {
    step()
    const insert = (transaction: DatabaseSync) => transaction.prepare('INSERT INTO effects VALUES (?)').run(event.id)
    if (manner === 'careless') {
      insert(database)
      step()
    } else {
      context.effect((transaction) => void insert(transaction))
    }
  },
})

// The provider sends every event again, since it cannot know which of them were taken.
for (let event = 0; event < Number(events); event++) await inbox.put([delivered(`evt_${event}`)])
await worker.drain()
