import { describe, expect, test } from 'vitest'
import { createRetryBudget } from '../../src/clients/retry-budget.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'

describe('createRetryBudget', () => {
  test('lets a quiet client retry a little', () => {
    const budget = createRetryBudget({ clock: virtualClock() })

    expect(budget.left).toBe(10)
  })

  test('grows with the calls made', () => {
    const budget = createRetryBudget({ clock: virtualClock(), ratio: 0.2 })

    for (let call = 0; call < 101; call++) budget.deposit()

    expect(budget.left).toBe(30)
  })

  test('says no when it is spent, and does not go into debt', () => {
    const budget = createRetryBudget({ clock: virtualClock(), minPerSecond: 0.2 })

    expect([budget.withdraw(), budget.withdraw(), budget.withdraw(), budget.withdraw()]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(budget.left).toBe(0)
  })

  test('forgets calls and retries alike after its time', async () => {
    const clock = virtualClock()
    const budget = createRetryBudget({ clock, minPerSecond: 0.1, ratio: 1 })
    for (let call = 0; call < 16; call++) budget.deposit()
    for (let retry = 0; retry < 17; retry++) budget.withdraw()
    expect(budget.left).toBe(0)

    await clock.advance(5_000)
    expect(budget.left).toBe(0)
    await clock.advance(5_000)

    expect(budget.left).toBe(1)
  })

  test('counts what comes after a pause', async () => {
    const clock = virtualClock()
    const budget = createRetryBudget({ clock, minPerSecond: 0, ratio: 1 })
    await clock.advance(2_500)
    for (let call = 0; call < 16; call++) budget.deposit()
    await clock.advance(8_000)

    expect([budget.left, budget.left]).toEqual([16, 16])
    await clock.advance(2_000)

    expect(budget.left).toBe(0)
  })
})
