import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as invariants from '../../src/scenarios/invariants/index.ts'
import { stripePack } from '../../src/scenarios/stripe/pack.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8')

/** The rows of the tables below a heading, each as its cells. */
function rowsBelow(heading: string, end: string): readonly (readonly string[])[] {
  const from = guide.indexOf(heading)
  expect(from).toBeGreaterThan(0)
  return guide
    .slice(from, guide.indexOf(end, from))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:-|scenario |invariant )/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

test('the guide lists every built-in scenario with its promise, in order', () => {
  expect(rowsBelow('## The built-in scenarios', '## Scenarios of your own')).toEqual(
    stripePack.scenarios.map(({ name, promise }) => [name, promise.replace(/\.$/, '')]),
  )
  expect(stripePack.scenarios).toHaveLength(47) // the guide says so in words
})

test('the guide lists every invariant', () => {
  const listed = rowsBelow('Fifteen invariants', 'Your own is an object').map(
    ([name]) => /^`(\w+)\(/.exec(name ?? '')?.[1],
  )
  expect(new Set(listed)).toEqual(new Set(Object.keys(invariants)))
  expect(listed).toHaveLength(15)
})
