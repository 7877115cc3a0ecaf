import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Clock } from '../../src/core/clock.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import {
  type Claim,
  type ClaimOptions,
  type Inbox,
  type InboxEvent,
  type NewEvent,
  type Outcome,
} from '../../src/webhooks/inbox.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { arrived } from './inbox-store.ts'

const startMs = 1_767_225_600_000
const leaseMs = 30_000

/** Asks the same of a store and of the memory inbox, step by step, and demands the same answers and the same contents. */
export function sameAsMemory<Transaction>(
  name: string,
  open: (clock: Clock) => Promise<Inbox<Transaction>>,
  numRuns = 60,
): void {
  test(
    `the ${name} inbox does what the memory inbox does, whatever is asked of both`,
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (steps) => {
          const clock = virtualClock({ startMs })
          const memory = createMemoryInbox({ clock })
          await using inbox = await open(clock)
          const claims: Claim[] = []
          const expectedClaims: Claim[] = []
          for (const take of steps) {
            if (take.kind === 'wait') await clock.advance(take.ms)
            const expected = await perform(memory, take, expectedClaims)
            expect(await perform(inbox, take, claims)).toEqual(expected)
            expect(await contentsOf(inbox)).toEqual(await contentsOf(memory))
          }
        }),
        { numRuns },
      )
    },
  )
}

type Step =
  | { readonly kind: 'put'; readonly events: readonly NewEvent[] }
  | { readonly kind: 'claim'; readonly bounds: Omit<ClaimOptions, 'owner' | 'leaseMs'> }
  | { readonly kind: 'settle' | 'extend'; readonly pick: number; readonly outcome: Outcome; readonly covers: boolean }
  | { readonly kind: 'requeue'; readonly force: boolean; readonly to: 'handle' | 'skip'; readonly lane?: string }
  | { readonly kind: 'prune' | 'wait'; readonly ms: number }

const few = fc.constantFrom('x', 'y')
const place = fc.oneof(
  fc.constant({}),
  fc.record({ lane: fc.constant('x'), laneOrder: fc.constantFrom('exclusive', 'serial', 'strict') }),
  fc.record({ after: fc.record({ marker: few, timeoutMs: fc.constantFrom(0, 40_000) }) }),
)
const newEvent = fc
  .record({
    id: fc.integer({ min: 0, max: 9 }),
    place,
    more: fc.record(
      { marker: few, provider: fc.constantFrom('stripe', 'other'), quarantined: fc.boolean() },
      { requiredKeys: [] },
    ),
    other: fc.boolean(),
  })
  .map(({ id, place, more, other }) =>
    arrived(`e${id}`, {
      ...place,
      ...more,
      // A store may let what is excepted hold up its lane, so no lane has events of two providers.
      ...('lane' in place ? { lane: `${more.provider ?? 'stripe'}/${place.lane}` } : {}),
      ...(other && id === 0 ? { body: new Uint8Array(1) } : {}),
    }),
  )
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constantFrom<Outcome>({ kind: 'done' }, { kind: 'superseded' }, { kind: 'dead', error: 'Error' }),
  fc.constantFrom(0, 40_000).map((afterMs): Outcome => ({ kind: 'retry', afterMs, error: 'TypeError' })),
  fc.record(
    { kind: fc.constant('hold' as const), forMs: fc.constant(40_000), marker: few },
    { requiredKeys: ['kind', 'forMs'] },
  ),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put'), events: fc.array(newEvent, { maxLength: 4 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('claim'),
      // A store may bury what it has not come to yet, so either the bounds are narrow or the crashes few.
      bounds: fc.oneof(
        fc.record({
          limit: fc.integer({ min: 1, max: 4 }),
          maxCrashes: fc.constant(99),
          exceptProviders: fc.constantFrom<readonly string[]>([], ['other']),
        }),
        fc.record({ limit: fc.constant(99), maxCrashes: fc.integer({ min: 1, max: 3 }) }),
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle', 'settle', 'extend'),
      pick: fc.nat(50),
      outcome,
      covers: fc.boolean(),
    }),
  },
  fc.record(
    {
      kind: fc.constant('requeue'),
      force: fc.boolean(),
      to: fc.constantFrom('handle', 'skip'),
      lane: fc.constantFrom('stripe/x', 'other/x'),
    },
    { requiredKeys: ['kind', 'force', 'to'] },
  ),
  fc.record({
    kind: fc.constantFrom('prune', 'wait', 'wait'),
    ms: fc.constantFrom(1, 30_000, 40_000, 20 * 86_400_000),
  }),
)

/** Takes one step, and keeps what was claimed. Answers nothing that a store may choose for itself. */
async function perform<Transaction>(inbox: Inbox<Transaction>, take: Step, claims: Claim[]): Promise<unknown> {
  switch (take.kind) {
    case 'put':
      return inbox.put(take.events)
    case 'claim': {
      const claimed = await inbox.claim({ owner: 'w', leaseMs, ...take.bounds })
      claims.push(...claimed.claims)
      const handed = claimed.claims.map(({ event, fence }) => [plain(event), fence])
      return { handed, nextDueAtMs: claimed.nextDueAtMs }
    }
    case 'settle':
    case 'extend': {
      const claim = claims[take.pick % Math.max(1, claims.length)]
      if (claim === undefined) return undefined
      if (take.kind === 'extend') return inbox.extend(claim, leaseMs)
      const covering = take.covers && take.outcome.kind === 'done' ? { coversSeq: claim.newestSeq } : {}
      return inbox.settle(claim, { ...take.outcome, ...covering })
    }
    case 'requeue': {
      const { force, to, lane } = take
      return inbox.requeue(lane === undefined ? {} : { lane }, { by: 'ann', reason: 'why', force, to })
    }
    case 'prune':
      return inbox.prune()
    case 'wait':
      return undefined
  }
}

/** All but the number of the place: a store may leave some out. */
function plain({ seq: _seq, body, ...event }: InboxEvent) {
  return { ...event, body: [...body] }
}

async function contentsOf<Transaction>(inbox: Inbox<Transaction>) {
  const { events, counts, oldestUnfinishedMs, problems } = await inbox.inspect({ problems: true })
  const blocked = problems?.blockedLanes.map(({ lane, waiting, seq }) => ({
    lane,
    waiting,
    at: events.findIndex((event) => event.seq === seq),
  }))
  return { events: events.map(plain), counts, oldestUnfinishedMs, dead: problems?.dead, blocked }
}
