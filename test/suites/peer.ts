import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { webhookProviderOf } from '../../src/providers/webhook-catalogue.ts'
import { arrivalOf, cases, judged, judgedByPeer, nowMs } from '../support/peers/cases.ts'
import { type Peer } from '../support/peers/peer.ts'
import { disagreements, holds } from '../webhooks/peers/disagreements.ts'

/** Cases for each library. Without it the cases are the same in every run; with it they are new ones each time. */
const runsAsked = Number(process.env.GOODFENCE_RUNS ?? 0)

/** So many times as many cases are tried for a listed disagreement that has not been met. */
const maxRounds = 8

/** What every official library must do: agree with us, both ways, but for what the table lists. */
export function agreementLaws(peer: Peer): void {
  const { library, scheme: id, numRuns: usualRuns = 2_000 } = peer
  const { scheme } = webhookProviderOf(id).webhooks
  const listed = disagreements.filter(({ libraries }) => libraries.includes(library))
  const numRuns = runsAsked > 0 ? runsAsked : usualRuns

  describe(`${library} and we`, () => {
    beforeAll(() => {
      vi.useFakeTimers({ toFake: ['Date'], now: nowMs })
    })
    afterAll(() => {
      vi.useRealTimers()
    })

    test(`agree on deliveries of ${id}, but for what is listed`, { timeout: 60_000 + numRuns * 50 }, async () => {
      const unmet = new Set(listed)
      const agreed = { believed: 0, refused: 0 }
      for (let round = 1; round === 1 || (unmet.size > 0 && round <= maxRounds); round++) {
        await fc.assert(
          fc.asyncProperty(cases(peer, scheme), async (each) => {
            const arrival = await arrivalOf(peer, scheme, each)
            const ours = judged(peer, scheme, arrival)
            const theirs = await judgedByPeer(peer, arrival)
            if (ours.ok === theirs) {
              agreed[theirs ? 'believed' : 'refused']++
              return
            }
            const known = listed.find(
              (listing) => (listing.theirs === 'accepts') === theirs && holds(listing.input, arrival, scheme),
            )
            if (known === undefined) throw new Error(`${library} ${theirs ? 'accepts' : 'refuses'}, we do not.`)
            unmet.delete(known)
          }),
          runsAsked > 0 ? { numRuns } : { numRuns, seed: round },
        )
      }
      expect({ neverMet: [...unmet] }).toEqual({ neverMet: [] })
      expect(agreed.believed).toBeGreaterThan(numRuns / 20)
      expect(agreed.refused).toBeGreaterThan(numRuns / 20)
    })
  })
}
