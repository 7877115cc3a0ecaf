import { expect, test } from 'vitest'
import { agreementLaws } from '../../suites/peer.ts'
import { allPeers } from '../../support/peers/all-peers.ts'
import { disagreements } from './disagreements.ts'

for (const peer of allPeers) agreementLaws(peer)

test('every listed disagreement is one with a library that is asked', () => {
  const asked = new Set(allPeers.map(({ library }) => library))
  expect(disagreements.flatMap(({ libraries }) => libraries.filter((library) => !asked.has(library)))).toEqual([])
})
