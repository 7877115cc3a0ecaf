import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, test } from 'vitest'

const program = join(import.meta.dirname, '../support/crashing-worker.ts')
const folder = mkdtempSync(join(tmpdir(), 'goodfence-crash-'))
afterAll(() => rmSync(folder, { recursive: true }))

const events = 12
const kills = 6

interface Run {
  readonly file: string
  readonly run: number
  readonly seed: number
  /** Dies at one of so many steps; 0: lives to its end. */
  readonly killWithin: number
  readonly manner: 'careful' | 'careless'
}

/** Runs one process and answers how it ended. */
function runProcess({ file, run, seed, killWithin, manner }: Run): Promise<NodeJS.Signals | 'finished'> {
  const args = [program, file, events, run, seed, killWithin, manner].map(String)
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, _stdout, stderr) => {
      if (error === null) resolve('finished')
      else if (error.signal === 'SIGKILL') resolve('SIGKILL')
      else reject(new Error(`The worker's process failed by itself: ${stderr}`, { cause: error }))
    })
  })
}

/** Kills process after process on one inbox, lets the last one finish, and reads what is left. */
async function crashes(manner: Run['manner'], seed: number) {
  const file = join(folder, `${manner}-${seed}.db`)
  const ends: string[] = []
  for (let run = 0; run < kills; run++) ends.push(await runProcess({ file, run, seed, killWithin: 60, manner }))
  ends.push(await runProcess({ file, run: kills, seed, killWithin: 0, manner }))

  using database = new DatabaseSync(file)
  const states = database.prepare('SELECT state, count(*) AS count FROM goodfence_inbox GROUP BY state').all()
  const effects = database
    .prepare('SELECT event FROM effects')
    .all()
    .map((row) => String(row['event']))
  return { ends, states, effects }
}

describe.concurrent('a process that is killed in the middle of its work, again and again', () => {
  const seed = 3

  test('loses no event and makes no effect twice', { timeout: 60_000 }, async ({ expect }) => {
    const { ends, states, effects } = await crashes('careful', seed)
    expect(ends.filter((end) => end === 'SIGKILL').length).toBeGreaterThanOrEqual(4)
    expect(states).toEqual([{ state: 'done', count: events }])
    expect(effects.toSorted()).toEqual(Array.from({ length: events }, (_, index) => `evt_${index}`).toSorted())
  })

  test(
    'makes effects twice when they are not part of the settling, which shows that the test can tell',
    { timeout: 60_000 },
    async ({ expect }) => {
      const { effects } = await crashes('careless', seed)
      expect(effects.length).toBeGreaterThan(events)
    },
  )
})
