import { describe, expect, test } from 'vitest'
import { describeFault } from '../../src/mocks/describe-fault.ts'
import { type FaultRule } from '../../src/mocks/plan.ts'

describe('describeFault', () => {
  const sentences: [FaultRule, string][] = [
    [
      { on: { operation: 'POST /v1/payment_intents', nth: [1] }, fault: { kind: 'lost-reply' } },
      'the reply to the first POST /v1/payment_intents is lost',
    ],
    [{ fault: { kind: 'hang' } }, 'every request gets no answer at all'],
    [
      { on: { nth: [1, 2, 22] }, fault: { kind: 'reset' } },
      'the connection of the first, second and 22nd request is reset before the provider acts',
    ],
    [
      { fault: { kind: 'latency', delayMs: 90_000, jitterMs: 500 } },
      'every request reaches the provider 90 s ± 500 ms late',
    ],
    [{ fault: { kind: 'latency', delayMs: 60_000, at: 'during' } }, 'the provider works 1 min on every request'],
    [{ fault: { kind: 'latency', delayMs: 50, at: 'after' } }, 'every request is carried out and answered 50 ms late'],
    [{ fault: { kind: 'truncated-body', afterBytes: 10 } }, 'the answer to every request is cut off after 10 bytes'],
    [{ fault: { kind: 'truncated-body' } }, 'the answer to every request is cut off half way'],
    [{ fault: { kind: 'malformed-json' } }, 'the answer to every request is not JSON'],
    [{ fault: { kind: 'html-error' } }, 'every request gets a page of HTML with 502'],
    [
      { fault: { kind: 'status', status: 500, code: 'api_error', stored: true } },
      'every request is refused with 500 (api_error), which the provider remembers',
    ],
    [{ fault: { kind: 'rate-limit', retryAfter: 3_600 } }, 'every request is refused with 429 and Retry-After of 1 h'],
    [{ fault: { kind: 'rate-limit' } }, 'every request is refused with 429 without Retry-After'],
    [{ fault: { kind: 'drip', bytesPerSecond: 5 } }, 'the answer to every request comes at 5 bytes a second'],
    [
      { on: { event: 'payment_intent.succeeded', nth: [1] }, fault: { kind: 'duplicate' } },
      'the first delivery of payment_intent.succeeded arrives twice at once',
    ],
    [
      { on: { event: 'charge.*' }, fault: { kind: 'duplicate', copies: 3 } },
      'every delivery of charge.* arrives 3 times at once',
    ],
    [{ fault: { kind: 'reorder' } }, 'every delivery of an event arrives after that of the next event'],
    [{ fault: { kind: 'delay', delayMs: 1_500 } }, 'every delivery of an event comes 1.5 s late'],
    [{ fault: { kind: 'drop' } }, 'every delivery of an event is lost'],
    [{ fault: { kind: 'tamper' } }, 'every delivery of an event is changed on its way'],
    [
      { fault: { kind: 'forge', type: 'payment_intent.succeeded', signature: 'missing' } },
      'an attacker forges a payment_intent.succeeded beside every delivery of an event, unsigned',
    ],
    [{ fault: { kind: 'replay' } }, 'an attacker repeats every delivery of an event after 1 h'],
    [{ fault: { kind: 'early' } }, 'every delivery of an event arrives before the call that caused it is answered'],
    [
      { on: { fromMs: 0, untilMs: 60_000, probability: 0.5, tenant: 'a' }, fault: { kind: 'reset' } },
      'the connection of every request is reset before the provider acts (of tenant a, until 1 min, with probability 0.5)',
    ],
  ]
  test.each(sentences)('%j', (rule, sentence) => {
    expect(describeFault(rule)).toBe(sentence)
  })
})
