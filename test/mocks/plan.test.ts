import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { joinNames, namesOf } from '../../src/mocks/plan-names.ts'
import { stripeDocument } from '../../src/mocks/providers/stripe/create-stripe-mock.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { emptyPlan, parsePlan, readPlan, requireExchangeFaults } from '../../src/mocks/plan.ts'

/** The plan that the design shows. */
const sample = {
  seed: 1,
  faults: [
    {
      on: { operation: 'POST /v1/payment_intents', nth: [1], fromMs: 0, untilMs: 60_000, probability: 1, tenant: 'a' },
      fault: { kind: 'lost-reply' },
    },
    { on: { event: 'payment_intent.*', nth: [1] }, fault: { kind: 'duplicate', copies: 2 } },
  ],
}

/** What the reader of plans says about a value. */
function refusal(value: unknown, names = {}): string {
  try {
    readPlan(value, 'plan.json', names)
  } catch (error) {
    if (!isGoodfenceError(error, 'plan_invalid')) throw error
    expect(error.facts.path).toBe('plan.json')
    expect(error.message).toContain(error.facts.pointer)
    return error.message
  }
  return 'accepted'
}

const rule = (fault: object, on?: object) => ({ faults: [on === undefined ? { fault } : { on, fault }] })

describe('readPlan', () => {
  test('takes the whole vocabulary', () => {
    expect(readPlan(sample, 'plan.json')).toEqual(sample)
    expect(readPlan({ faults: [] }, 'plan.json')).toEqual(emptyPlan)
  })

  const refused: [string, unknown, string][] = [
    ['a list', [], 'plan.json: the plan is a list. Write { "faults": [...] } around it.'],
    ['nothing', null, 'plan.json: the plan is null. Give an object.'],
    ['no rules', {}, 'plan.json: /faults is missing. Give a list of rules, [] for none.'],
    ['a field of no plan', { fault: [] }, '/fault is not a field of a plan. Did you mean "faults"?'],
    ['a hostile field', JSON.parse('{"__proto__":{},"faults":[]}'), '/__proto__ is not a field of a plan.'],
    ['a seed that is none', { seed: 1.5, faults: [] }, '/seed is 1.5. Give a whole number.'],
    ['a rule that is none', { faults: ['reset'] }, '/faults/0 is "reset". Give an object.'],
    ['a rule without a fault', { faults: [{ on: {} }] }, '/faults/0/fault is missing.'],
    ['a field of no rule', { faults: [{ when: {}, fault: {} }] }, '/faults/0/when is not a field of a rule.'],
    ['a fault without a kind', rule({}), '/faults/0/fault/kind is missing. Known: latency, hang,'],
    [
      'an unknown kind',
      rule({ kind: 'lost-replay' }),
      'is "lost-replay", which is no kind of fault. Did you mean "lost-reply"?',
    ],
    [
      'a kind of the prototype',
      rule({ kind: 'toString' }),
      '/faults/0/fault/kind is "toString", which is no kind of fault.',
    ],
    [
      'an unknown field',
      rule({ kind: 'latency', delayMS: 3 }),
      '/faults/0/fault/delayMS is not a field of "latency". Did you mean "delayMs"?',
    ],
    [
      'a field of another kind',
      rule({ kind: 'reset', delayMs: 3 }),
      '/faults/0/fault/delayMs is not a field of "reset".',
    ],
    ['a missing field', rule({ kind: 'latency' }), '/faults/0/fault/delayMs is missing. Give a number from 0 to'],
    ['a negative time', rule({ kind: 'delay', delayMs: -1 }), '/faults/0/fault/delayMs is -1. Give a number from 0 to'],
    ['half a byte', rule({ kind: 'truncated-body', afterBytes: 0.5 }), 'is 0.5. Give a whole number from 0 to'],
    [
      'a status without a body',
      rule({ kind: 'status', status: 204 }),
      'is 204. Give a whole number from 200 to 599, but not 204, 205, 304, 407, 421.',
    ],
    [
      'a wrong choice',
      rule({ kind: 'latency', delayMs: 1, at: 'end' }),
      'is "end". Give one of "before", "during", "after".',
    ],
    ['a text for yes', rule({ kind: 'status', stored: 'yes' }), '/faults/0/fault/stored is "yes". Give true or false.'],
    ['an empty code', rule({ kind: 'status', code: '' }), '/faults/0/fault/code is "". Give a text that is not empty.'],
    [
      'a date of another form',
      rule({ kind: 'rate-limit', retryAfter: '2026-01-01' }),
      'or a date such as "Sun, 06 Nov 1994 08:49:37 GMT"',
    ],
    [
      'half a second',
      rule({ kind: 'rate-limit', retryAfter: 1.5 }),
      '/faults/0/fault/retryAfter is 1.5. Give whole seconds',
    ],
    [
      'a form without seconds',
      rule({ kind: 'rate-limit', as: 'date' }),
      '/faults/0/fault/as says how seconds are written.',
    ],
    [
      'one copy',
      rule({ kind: 'duplicate', copies: 1 }),
      '/faults/0/fault/copies is 1. Give a whole number from 2 to 100.',
    ],
    [
      'an event beside a call',
      rule({ kind: 'hang' }, { event: 'a' }),
      '/faults/0/on/event stands beside "hang", which strikes API calls. Say "operation" instead.',
    ],
    [
      'a call beside an event',
      rule({ kind: 'drop' }, { operation: 'a' }),
      '/faults/0/on/operation stands beside "drop", which strikes webhook deliveries. Say "event" instead.',
    ],
    [
      'an unknown condition',
      rule({ kind: 'hang' }, { operations: 'a' }),
      '/faults/0/on/operations is not a field of "on". Did you mean "operation"?',
    ],
    [
      'a lower-case method',
      rule({ kind: 'hang' }, { operation: 'post /v1/refunds' }),
      'Give an operationId, or method and path as in "POST /v1/refunds".',
    ],
    ['a number as a name', rule({ kind: 'hang' }, { operation: 7 }), '/faults/0/on/operation is 7. Give a text'],
    [
      'an event with spaces',
      rule({ kind: 'drop' }, { event: 'a b' }),
      '/faults/0/on/event is "a b". Give a type without spaces',
    ],
    [
      'a bare number',
      rule({ kind: 'hang' }, { nth: 1 }),
      '/faults/0/on/nth is 1. Give a list of whole numbers from 1, such as [1].',
    ],
    ['an empty list', rule({ kind: 'hang' }, { nth: [] }), '/faults/0/on/nth is []. Give a list'],
    ['a zeroth attempt', rule({ kind: 'hang' }, { nth: [1, 0] }), '/faults/0/on/nth/1 is 0. Give a list'],
    [
      'more than certain',
      rule({ kind: 'hang' }, { probability: 2 }),
      '/faults/0/on/probability is 2. Give a number from 0 to 1.',
    ],
    [
      'a time as text',
      rule({ kind: 'hang' }, { fromMs: '1s' }),
      '/faults/0/on/fromMs is "1s". Give a number of at least 0.',
    ],
    [
      'an empty time',
      rule({ kind: 'hang' }, { fromMs: 5, untilMs: 5 }),
      '/faults/0/on/untilMs is 5, and "fromMs" is 5: it never strikes.',
    ],
    ['an empty tenant', rule({ kind: 'hang' }, { tenant: '' }), '/faults/0/on/tenant is "". Give a text'],
  ]
  test.each(refused)('refuses %s and names place and mend', (_name, value, message) => {
    expect(refusal(value)).toContain(message)
  })

  test('refuses the second rule by its place', () => {
    expect(refusal({ faults: [{ fault: { kind: 'reset' } }, { fault: { kind: 'rest' } }] })).toContain(
      '/faults/1/fault/kind is "rest", which is no kind of fault. Did you mean "reset"?',
    )
  })

  test('refuses names that the provider does not have, where it is told them', () => {
    const names = { operations: ['POST /v1/refunds', 'PostRefunds'], events: ['refund.created'] }

    expect(refusal(rule({ kind: 'hang' }, { operation: 'POST /v1/refund' }), names)).toContain(
      'which the document does not have. Did you mean "POST /v1/refunds"?',
    )
    expect(refusal(rule({ kind: 'drop' }, { event: 'refunds.created' }), names)).toContain(
      'which the provider does not send. Did you mean "refund.created"?',
    )
    expect(refusal(rule({ kind: 'hang' }, { operation: 'PostRefunds' }), names)).toBe('accepted')
    expect(refusal(rule({ kind: 'drop' }, { event: 'refund.*' }), names)).toBe('accepted')
  })

  const drop = (event: string) => refusal(rule({ kind: 'drop' }, { event }), { events: stripe.events })

  test.each([
    ['paymnt_intent.*', 'which no event of the provider matches. Did you mean "payment_intent.*"?'],
    ['payment_intent.succeded*', 'Did you mean "payment_intent.succeeded"?'],
    ['payment_intent.suceeded', 'which the provider does not send. Did you mean "payment_intent.succeeded"?'],
    ['*.exploded', 'The nearest of '],
    ['invoice.paid', 'which the provider does not send. The nearest of 29 is '],
    ['payment_intent', 'which the provider does not send. '],
  ])('refuses the event %s, which would never match', (event, message) => {
    expect(drop(event)).toContain(message)
  })

  test.each(['*', '*.succeeded', 'payment_intent.*', 'refund.updated', 'charge.dispute.created'])(
    'takes the event %s',
    (event) => {
      expect(drop(event)).toBe('accepted')
    },
  )

  test('suggests the nearest of many operations', async () => {
    const { operations = [] } = namesOf(await stripeDocument(), stripe)
    expect(refusal(rule({ kind: 'hang' }, { operation: 'createPayment' }), { operations })).toContain(
      `The nearest of ${operations.length} is "`,
    )
  })

  test('takes in a plan for several mocks what any of them has', () => {
    const names = joinNames([{ operations: ['GET /a'] }, { operations: ['GET /b'], events: ['a.made'] }])
    const of = (operation: string) => refusal(rule({ kind: 'hang' }, { operation }), names)
    expect([of('GET /a'), of('GET /b')]).toEqual(['accepted', 'accepted'])
    expect(of('GET /c')).toContain('which the document does not have')
    expect(joinNames([{ operations: ['GET /a'] }])).toEqual({ operations: ['GET /a'] })
  })
})

describe('parsePlan', () => {
  test('reads the text of a file', () => {
    expect(parsePlan(JSON.stringify(sample), 'plan.json')).toEqual(sample)
  })

  test('names the file whose text is not JSON', () => {
    expect(() => parsePlan('{"faults": [', 'plan.json')).toThrow(/^plan\.json: the plan is not JSON: /)
  })
})

describe('requireExchangeFaults', () => {
  test('refuses a delivery fault by its place, with the reason', () => {
    const plan = readPlan(sample, 'plan.json')

    expect(() => requireExchangeFaults(plan, 'plan.json', 'prism sends no webhooks')).toThrow(
      'plan.json: /faults/1/fault/kind is "duplicate", a delivery fault, which cannot strike here: prism sends no webhooks. Leave it out.',
    )
    expect(() => requireExchangeFaults({ faults: [] }, 'plan.json', '')).not.toThrow()
  })
})
