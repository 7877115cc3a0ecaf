import { expect, test } from 'vitest'
import { didYouMean } from '../../src/core/did-you-mean.ts'

const kinds = ['latency', 'lost-reply', 'reset']

test('names the nearest known name when it is near', () => {
  expect(didYouMean('lost-replay', kinds)).toBe(' Did you mean "lost-reply"?')
  expect(didYouMean('latncy', kinds)).toBe(' Did you mean "latency"?')
})

test('lists what is known when nothing is near', () => {
  expect(didYouMean('earthquake', kinds)).toBe(' Known: latency, lost-reply, reset.')
})

test('says nothing when nothing is known', () => {
  expect(didYouMean('x', [])).toBe('')
})
