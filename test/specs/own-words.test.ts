import { expect, test } from 'vitest'
import { borrowedWords } from '../../scripts/specs/own-words.ts'

const document = (description: string) => ({ paths: {}, info: { description } })

test('words are borrowed even where markup, case and punctuation differ', () => {
  const ours = document('A customer can have several payment methods, one of them preferred.')
  const theirs = document(
    '<p>A customer can have [several](https://docs.test) payment methods; one of them preferred</p>',
  )
  expect(borrowedWords(ours, theirs).map(({ at }) => at)).toEqual(['/info/description'])
})

test('short texts and other words are not borrowed', () => {
  const theirs = document('The id of the customer.')
  expect(borrowedWords(document('The id of the customer.'), theirs)).toEqual([])
  expect(borrowedWords(document('Whoever pays in the end, by the id that was given.'), theirs)).toEqual([])
})
