import { type Scenario } from '../define.ts'
import { amplificationBounded } from '../invariants/amplification-bounded.ts'
import { boundedTime } from '../invariants/bounded-time.ts'
import { nothingIsLeft } from '../invariants/nothing-is-left.ts'
import { waitsHonoured } from '../invariants/waits-honoured.ts'
import { onCharge, stripeScenario } from './stripe-scenario.ts'

/** A customer stands at the till. */
const withinMs = 60_000

/** What must hold for how long and how often an integration tries. */
export const patienceScenarios: readonly Scenario[] = [
  stripeScenario('returns within a minute when the provider hangs', {
    promise: 'A provider that never answers does not hold the customer for more than a minute.',
    faults: [{ fault: { kind: 'hang' } }],
    invariants: [boundedTime({ withinMs })],
  }),
  stripeScenario('returns within a minute when the answer drips', {
    promise: 'An answer of which a byte comes each second does not hold the customer for more than a minute.',
    faults: onCharge({ kind: 'drip', bytesPerSecond: 1 }),
    invariants: [boundedTime({ withinMs })],
  }),
  stripeScenario('honours Retry-After of two seconds', {
    promise: 'A provider that asks for two seconds gets two seconds.',
    faults: onCharge({ kind: 'rate-limit', retryAfter: 2 }, [1]),
    invariants: [waitsHonoured(), boundedTime({ withinMs })],
  }),
  stripeScenario('honours Retry-After that is a date', {
    promise: 'A pause that is given as a date is kept as well.',
    faults: onCharge({ kind: 'rate-limit', retryAfter: 3, as: 'date' }, [1]),
    invariants: [waitsHonoured(), boundedTime({ withinMs }), amplificationBounded()],
  }),
  stripeScenario('does not wait an hour because Retry-After says so', {
    promise: 'A pause of an hour is neither ignored nor sat out while the customer waits.',
    faults: onCharge({ kind: 'rate-limit', retryAfter: 3_600 }),
    invariants: [boundedTime({ withinMs }), waitsHonoured()],
  }),
  stripeScenario('gives up politely under a lasting 503', {
    promise: 'A provider in trouble is tried a few times, with pauses, and then left alone.',
    faults: [{ fault: { kind: 'status', status: 503 } }],
    invariants: [amplificationBounded(), boundedTime({ withinMs })],
  }),
  stripeScenario('slows down when it is told that it is too fast', {
    promise: 'A 429 without Retry-After is followed by a pause all the same.',
    faults: [{ fault: { kind: 'rate-limit' } }],
    invariants: [amplificationBounded(), boundedTime({ withinMs })],
  }),
  stripeScenario('leaves no timer behind', {
    promise: 'An integration that is stopped after a failure keeps no process alive.',
    faults: onCharge({ kind: 'lost-reply' }, [1]),
    invariants: [nothingIsLeft()],
    except: ['at-most-once', 'fulfilled-once', 'paid-is-fulfilled', 'converges'],
  }),
]
