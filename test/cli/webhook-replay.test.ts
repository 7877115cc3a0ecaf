import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { arrived } from '../suites/inbox-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'goodfence-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

/** An inbox with four dead events, one that was done and one that waits. */
async function inboxFile(): Promise<string> {
  const file = `inbox-${++files}.db`
  const clock = virtualClock({ startMs: Date.UTC(2026, 10, 20) })
  await using inbox = createSqliteInbox({ database: join(folder, file), clock })
  await inbox.put(['a', 'b', 'c', 'd', 'done'].map((id) => arrived(id, id === 'd' ? { type: 'other' } : {})))
  const { claims } = await inbox.claim({ owner: 'w', limit: 10, leaseMs: 1_000 })
  for (const claim of claims) {
    const { eventId } = claim.event
    const error = eventId === 'c' ? 'TypeError' : 'Error'
    await inbox.settle(claim, eventId === 'done' ? { kind: 'done' } : { kind: 'dead', error })
  }
  await clock.advance(86_400_000)
  await inbox.put([arrived('waits', { lane: 'pi_1', laneOrder: 'strict' })])
  return file
}

/** Puts what nobody can handle: an event that cannot be read, and other bytes under the id of one that was done. */
async function spoil(file: string): Promise<void> {
  const clock = virtualClock({ startMs: Date.UTC(2026, 10, 22) })
  await using inbox = createSqliteInbox({ database: join(folder, file), clock })
  await inbox.put([
    arrived('broken\n\u001b[2J', { quarantined: true }),
    arrived('done', { body: Uint8Array.from([1]) }),
  ])
}

async function run(...args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
  const written = { out: '', errors: '' }
  const code = await runCli(['webhook', ...args], {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.errors += text) },
    cwd: folder,
    colour: false,
    signal: new AbortController().signal,
  })
  return { code, ...written }
}

async function statesIn(file: string): Promise<Record<string, string>> {
  await using inbox = createSqliteInbox({ database: join(folder, file) })
  return Object.fromEntries((await inbox.inspect()).events.map(({ eventId, state }) => [eventId, state]))
}

const why = ['--reason', 'fixed', '--by', 'ann']

test.each(['inbox', 'replay'])(
  'goodfence webhook %s leaves the database of another program as it is',
  async (command) => {
    const file = join(folder, `other-${command}.db`)
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE orders (id TEXT)')
    other.close()
    const before = readFileSync(file)
    const { code, errors } = await run(command, '--inbox', file, ...(command === 'replay' ? why : []))
    expect([code, errors]).toEqual([2, expect.stringContaining('There is no inbox in')])
    expect(readFileSync(file)).toEqual(before)
  },
)

describe('goodfence webhook replay', () => {
  test('requeues what is dead, says how many, and has nothing left to do the second time', async () => {
    const file = await inboxFile()
    expect(await run('replay', '--inbox', file, ...why)).toEqual({
      code: 0,
      out: 'requeued 4 dead events\n',
      errors: '',
    })
    expect(await statesIn(file)).toMatchObject({ a: 'ready', b: 'ready', c: 'ready', d: 'ready', done: 'done' })
    expect(await run('replay', '--inbox', file, ...why)).toMatchObject({
      code: 3,
      out: 'requeued 0 dead events: there is none\n',
    })
  })

  test('only counts when it is told to', async () => {
    const file = await inboxFile()
    expect(await run('replay', '--inbox', file, '--dry-run')).toMatchObject({
      code: 0,
      out: 'would requeue 4 dead events\n',
    })
    expect(await statesIn(file)).toMatchObject({ a: 'dead', d: 'dead' })
  })

  test.each([
    [['--event', 'b'], 1],
    [['--type', 'test.event'], 3],
    [['--provider', 'stripe'], 4],
    [['--provider', 'github'], 0],
    [['--error', 'TypeError'], 1],
    [['--since', '2026-11-20T00:00Z'], 4],
    [['--since', '2026-11-20T00:00:01Z'], 0],
    [['--state', 'done', '--force'], 1],
  ])('keeps to what it is asked for: %j', async (args, expected) => {
    const { code, out } = await run('replay', '--inbox', await inboxFile(), ...why, ...args)
    expect([code, Number(/\d+/.exec(out)?.[0])]).toEqual([expected === 0 ? 3 : 0, expected])
  })

  test('says that there are some where none fits', async () => {
    const out = 'requeued 0 dead events: there are 4, and none fits\n'
    expect(await run('replay', '--inbox', await inboxFile(), ...why, '--type', 'releas')).toMatchObject({
      code: 3,
      out,
    })
  })

  test.each(['done', 'superseded'])('counts what was %s without force, which counting needs not', async (state) => {
    const file = await inboxFile()
    const count = state === 'done' ? 1 : 0
    expect(await run('replay', '--inbox', file, '--state', state, '--dry-run')).toMatchObject({
      code: count === 1 ? 0 : 3,
      out: expect.stringMatching(`^would requeue ${count} ${state}`),
    })
    expect(await statesIn(file)).toMatchObject({ done: 'done' })
  })

  test.each([
    ['dead', 4],
    ['quarantined', 1],
    ['conflict', 1],
  ])('settles what is %s by skipping it', async (state, count) => {
    const file = await inboxFile()
    await spoil(file)
    const asked = ['replay', '--inbox', file, '--state', state, '--skip']
    const what = `${count} ${state} ${count === 1 ? 'event' : 'events'}\n`
    expect(await run(...asked, '--dry-run')).toMatchObject({ code: 0, out: `would skip ${what}` })
    expect(await run(...asked, ...why)).toMatchObject({ code: 0, out: `skipped ${what}` })
    expect(await run(...asked, ...why)).toMatchObject({ code: 3, out: `skipped 0 ${state} events: there is none\n` })
  })

  test.each([
    [['--inbox', 'inbox-1.db', '--state', 'conflict', ...why], '--skip'],
    [['--inbox', 'inbox-1.db', '--state', 'done', '--skip', '--force', ...why], 'nothing to skip'],
    [['--inbox', 'inbox-1.db'], '--reason'],
    [['--inbox', 'inbox-1.db', '--state', 'done', ...why], '--force'],
    [['--inbox', 'inbox-1.db', '--since', 'yesterday', ...why], '--since'],
    [['--inbox', 'missing.db', ...why], 'missing.db'],
    [['--inbox', 'inbox-1.db', '--postgres-env', 'URL', ...why], '--postgres-env'],
    [['--inbox', 'inbox-1.db', '--rate', '0', ...why], '--rate'],
    [why, '--inbox'],
    [['--postgres-env', 'GOODFENCE_NO_SUCH_VARIABLE', ...why], 'GOODFENCE_NO_SUCH_VARIABLE'],
  ])('refuses %j and names what is wrong', async (args, named) => {
    const { code, out, errors } = await run('replay', ...args)
    expect([code, out]).toEqual([2, ''])
    expect(errors).toContain(named)
  })

  test('makes no inbox where none is', async () => {
    await run('replay', '--inbox', 'absent.db', ...why)
    expect(await run('replay', '--inbox', 'absent.db', ...why)).toMatchObject({ code: 2 })
  })
})

describe('goodfence webhook inbox', () => {
  test('shows what waits and what is dead, by kind', async () => {
    const { code, out } = await run('inbox', '--inbox', await inboxFile())
    expect(code).toBe(1)
    const lines = out.split('\n')
    expect(lines[0]).toMatch(/^1 ready, 1 done, 4 dead; the oldest waits for \d+ s$/)
    expect(lines).toContain('dead: 2 of stripe test.event, Error, the last arrived 2026-11-20T00:00:00.000Z')
  })

  test('lists what cannot be read and what is in conflict, until each was settled', async () => {
    const file = await inboxFile()
    await run('replay', '--inbox', file, ...why)
    await spoil(file)
    const { code, out } = await run('inbox', '--inbox', file)
    expect(code).toBe(1)
    expect(out.split('\n').slice(1)).toEqual([
      'quarantined: broken \ufffd[2J of stripe test.event, arrived 2026-11-22T00:00:00.000Z',
      'conflict: done of stripe test.event, arrived 2026-11-22T00:00:00.000Z',
      '',
    ])
    for (const state of ['quarantined', 'conflict'])
      await run('replay', '--inbox', file, '--state', state, '--skip', ...why)
    expect(await run('inbox', '--inbox', file)).toMatchObject({ code: 0 })
  })

  test('lists what failed and is tried again, with when', async () => {
    const file = `inbox-${++files}.db`
    {
      const clock = virtualClock({ startMs: Date.UTC(2026, 10, 20) })
      await using inbox = createSqliteInbox({ database: join(folder, file), clock })
      await inbox.put(['once', 'again', 'works', 'fresh'].map((id) => arrived(id)))
      const attempt = async (limit: number) => (await inbox.claim({ owner: 'w', limit, leaseMs: 60_000 })).claims
      for (const claim of await attempt(3)) {
        const afterMs = claim.event.eventId === 'works' ? 0 : 60_000
        await inbox.settle(claim, { kind: 'retry', afterMs, error: 'TypeError ECONNRESET' })
      }
      await attempt(2)
    }
    const { code, out } = await run('inbox', '--inbox', file)
    expect(code).toBe(0)
    expect(out.split('\n').slice(1)).toEqual([
      'retrying: once of stripe test.event, 1 attempt, TypeError ECONNRESET, next 2026-11-20T00:01:00.000Z',
      'retrying: again of stripe test.event, 1 attempt, TypeError ECONNRESET, next 2026-11-20T00:01:00.000Z',
      'retrying: works of stripe test.event, 2 attempts, TypeError ECONNRESET, at work now',
      '',
    ])
    const { events } = JSON.parse((await run('inbox', '--inbox', file, '--json')).out) as { events: object[] }
    expect(events).toMatchObject([{ eventId: 'once', attempts: 1 }, { eventId: 'again' }, { state: 'leased' }])
    expect(events[0]).not.toHaveProperty('body')
  })

  test('prints the numbers as JSON', async () => {
    const { out } = await run('inbox', '--inbox', await inboxFile(), '--json')
    expect(JSON.parse(out)).toMatchObject({ counts: { dead: 4 }, problems: { blockedLanes: [] } })
  })

  test('ends with 0 when nothing needs a person', async () => {
    const file = await inboxFile()
    await run('replay', '--inbox', file, ...why)
    expect(await run('inbox', '--inbox', file)).toMatchObject({ code: 0 })
  })
})
