import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Checked, check } from '../../src/scenarios/check.ts'
import { type Subject } from '../../src/scenarios/define.ts'
import { openSession } from '../../src/scenarios/session.ts'
import { type Stage, createStage } from '../../src/scenarios/stage.ts'
import { stripePack } from '../../src/scenarios/stripe/pack.ts'
import { type Vice, stripeShop } from './stripe-shop.ts'

let stage: Stage
beforeAll(async () => {
  stage = await createStage({ pack: stripePack, seed: 1 })
})
afterAll(async () => {
  await stage[Symbol.asyncDispose]()
})

async function checked(name: string, subject: Subject): Promise<Checked> {
  const scenario = stripePack.scenarios.find((candidate) => candidate.name === name)!
  using session = await openSession({ globals: subject.time !== 'injected' })
  return await check({ stage, session, subject, scenario })
}

/** For every scenario a vice that breaks it: a scenario that nothing can break proves nothing. */
const vices: Readonly<Record<string, Vice | readonly Vice[]>> = {
  'takes a payment when nothing goes wrong': 'forgets to fulfil',
  'charges once when the reply is lost': 'no key',
  'charges once when two replies in a row are lost': 'no key',
  'charges once when the connection is reset': 'takes silence for success',
  'charges once when the answer is cut off': 'no key',
  'charges once when the answer is not JSON': 'no key',
  'charges once when the provider answers late': 'no key',
  'survives a conflict while its first attempt is still at work': 'no key',
  'survives a failure that the provider remembers': 'takes silence for success',
  'survives a page of HTML with 502': 'lets parse errors escape',
  'does not take a page of HTML with 200 for a payment': 'believes any 200',
  'does not take a decline for a payment, nor try it again': 'retries declines',
  'takes a second card after a decline': 'one key for ever',
  'returns within a minute when the provider hangs': 'no timeout',
  'returns within a minute when the answer drips': 'timeout ends at headers',
  'honours Retry-After of two seconds': 'ignores Retry-After',
  'honours Retry-After that is a date': 'ignores Retry-After',
  'does not wait an hour because Retry-After says so': ['sleeps as long as it is told', 'no deadline'],
  'gives up politely under a lasting 503': 'hot retries',
  'slows down when it is told that it is too fast': 'hot retries',
  'leaves no timer behind': 'leaves a timer',
  'charges once when one order is checked out twice at once': 'no lock',
  'charges once when the customer clicks twice': 'no lock',
  'keeps two orders apart': 'one key for all orders',
  'completes a payment that the customer authenticates later': 'forgets to fulfil',
  'fulfils nothing when the authentication fails': 'ignores authentication',
  'refunds in full when the reply is lost': 'refunds blindly',
  'fulfils once when an event arrives twice at the same moment': 'no deduplication',
  'keeps the newer state when events arrive in the wrong order': 'last write wins',
  'keeps a payment when an old failure arrives late': 'last write wins',
  'survives neighbours that change places': 'last write wins',
  'fulfils when the event comes before the answer': 'no deduplication',
  'fulfils although the first deliveries are dropped': 'no deduplication',
  'fulfils when the event is two days late': 'no deduplication',
  'fulfils once although reply and event are both in trouble': 'no deduplication',
  'lets a poison event stop nobody else': ['stops at a poison event', 'fulfils by webhook alone'],
  'acknowledges an event of a type that it does not know': 'refuses unknown types',
  'survives an event about an order that it does not know': 'crashes on unknown orders',
  'takes events while the secret is being rolled': ['checks the first signature alone', 'fulfils by webhook alone'],
  'acknowledges an event of another version of the API': ['refuses unknown members', 'fulfils by webhook alone'],
  'does not take other bytes under a known id for a new event': [
    'knows events by their bytes',
    'fulfils by webhook alone',
  ],
  'ignores a forged event': 'no verification',
  'ignores an event without a signature': 'no header, no verification',
  'ignores an event with an empty signature': 'no header, no verification',
  'survives a signature that is too short': 'crashes on a short signature',
  'ignores an event that was changed on its way': 'no verification',
  'ignores an event that is replayed an hour later': 'no freshness, no deduplication',
}

describe('the built-in Stripe scenarios', () => {
  test.each(stripePack.scenarios.map(({ name }) => name))('a careful shop: %s', async (name) => {
    const { result } = await checked(name, stripeShop())
    expect({ verdict: result?.verdict, violations: result?.violations, reason: result?.reason }).toEqual({
      verdict: 'holds',
      violations: [],
      reason: undefined,
    })
  })

  test.each(Object.entries(vices))('%s: broken by a shop with "%s"', async (name, vice) => {
    const { result } = await checked(name, stripeShop([vice].flat()))
    expect({ verdict: result?.verdict, reason: result?.reason }).toEqual({ verdict: 'broken', reason: undefined })
    expect(result?.history?.length).toBeGreaterThan(0)
  })

  test('every scenario can be broken', () => {
    expect(Object.keys(vices)).toEqual(stripePack.scenarios.map(({ name }) => name))
  })

  test('no two have one name', () => {
    const names = stripePack.scenarios.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
