import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { inboxHealth } from '../../src/webhooks/inbox-health.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { arrived } from '../suites/inbox-store.ts'

function setUp() {
  const clock = virtualClock({ startMs: 1_000 })
  const inbox = createMemoryInbox({ clock })
  return { clock, inbox, health: () => inboxHealth({ inbox, clock, maxWaiting: 2, maxAgeMs: 60_000 }) }
}

describe('the health of an inbox', () => {
  test('passes while little waits, and not for long', async () => {
    const { clock, inbox, health } = setUp()
    expect(await health()).toEqual({ status: 'pass', waiting: 0, oldestMs: 0, needAttention: 0 })
    await inbox.put([arrived('a'), arrived('b')])
    await clock.advance(60_000)
    expect(await health()).toEqual({ status: 'pass', waiting: 2, oldestMs: 60_000, needAttention: 0 })
  })

  test('warns when much waits', async () => {
    const { inbox, health } = setUp()
    await inbox.put([arrived('a'), arrived('b'), arrived('c')])
    expect(await health()).toMatchObject({ status: 'warn', waiting: 3 })
  })

  test('warns when something waits for long', async () => {
    const { clock, inbox, health } = setUp()
    await inbox.put([arrived('a')])
    await clock.advance(60_001)
    expect(await health()).toMatchObject({ status: 'warn', oldestMs: 60_001 })
  })

  test('warns when someone has to look', async () => {
    const { inbox, health } = setUp()
    await inbox.put([arrived('a', { quarantined: true })])
    expect(await health()).toMatchObject({ status: 'warn', needAttention: 1 })
  })

  test('fails when the inbox cannot be read', async () => {
    const inbox = { inspect: () => Promise.reject(new Error('down')) }
    expect(await inboxHealth({ inbox })).toMatchObject({ status: 'fail' })
  })
})
