import { expect, test } from 'vitest'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'hang' }, { effects: 0 })

test('a hang never ends and leaves no timer', async () => {
  const world = faultWorld(always({ kind: 'hang' }))

  await expect(world.clock.run(() => world.mock(post()))).rejects.toMatchObject({ code: 'clock_stuck' })
  expect(world.clock.pending).toBe(0)
})
