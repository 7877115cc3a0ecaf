import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { effectGuard } from '../../src/webhooks/effect-guard.ts'

const event = { provider: 'stripe', account: '', subscription: '', id: 'evt_1' }

function open() {
  const clock = virtualClock({ startMs: 1_000 })
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE mails (id INTEGER PRIMARY KEY)')
  const write = (at: DatabaseSync) => at.exec('INSERT INTO mails DEFAULT VALUES')
  const count = () => Number(database.prepare('SELECT count(*) AS count FROM mails').get()?.['count'])
  return { clock, guard: effectGuard(database, { clock }), write, count }
}

describe('the guard of effects', () => {
  test('makes the effect of a step once', () => {
    const { guard, write, count } = open()
    expect([guard.once(event, 'mail', write), guard.once(event, 'mail', write)]).toEqual(['made', 'known'])
    expect(count()).toBe(1)
  })

  test('makes it once in a database of big integers', () => {
    const guard = effectGuard(new DatabaseSync(':memory:', { readBigInts: true }))
    let made = 0
    const effect = () => void made++
    expect([guard.once(event, 'mail', effect), guard.once(event, 'mail', effect), made]).toEqual(['made', 'known', 1])
  })

  test('keeps events and steps apart, however they are written', () => {
    const { guard, write } = open()
    const events = [event, { ...event, account: 'a' }, { ...event, subscription: 'a' }, { ...event, provider: 'x' }]
    for (const each of [...events, { ...event, id: 'evt_' }]) expect(guard.once(each, 'mail', write)).toBe('made')
    expect(guard.once(event, 'letter', write)).toBe('made')
  })

  test('leaves neither effect nor mark when the effect fails', () => {
    const { guard, write, count } = open()
    const fail = (database: DatabaseSync) => {
      write(database)
      throw new Error('no')
    }
    expect(() => guard.once(event, 'mail', fail)).toThrow('no')
    expect(count()).toBe(0)
    expect(guard.once(event, 'mail', write)).toBe('made')
  })

  test('forgets what is old', async () => {
    const { clock, guard, write } = open()
    guard.once(event, 'mail', write)
    await clock.advance(1_000)
    guard.once({ ...event, id: 'evt_2' }, 'mail', write)
    expect([guard.forget(1_500), guard.forget(1_500)]).toEqual([1, 0])
    expect(guard.once({ ...event, id: 'evt_2' }, 'mail', write)).toBe('known')
  })
})
