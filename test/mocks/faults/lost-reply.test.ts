import { expect, test } from 'vitest'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, endOf, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'lost-reply' }, { effects: 1 })

test('a lost reply looks to its caller exactly as a reset does', async () => {
  const lost = faultWorld(always({ kind: 'lost-reply' }))
  const reset = faultWorld(always({ kind: 'reset' }))

  const ends = [await lost.clock.run(() => endOf(lost.mock(post()))), await endOf(reset.mock(post()))]

  expect(ends).toEqual(['no answer: ECONNRESET', 'no answer: ECONNRESET'])
  expect([lost.effects.count, reset.effects.count]).toEqual([1, 0])
})
