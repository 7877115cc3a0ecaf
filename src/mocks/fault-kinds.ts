import { type DeliveryFault } from './delivery-faults/delivery-fault.ts'
import { type Fault } from './faults/fault.ts'

/** What a field of a fault may hold. Without `required` it may be left out. */
export type FieldFacts = { readonly says: string; readonly required?: true } & (
  | {
      readonly type: 'integer' | 'number'
      readonly min: number
      readonly max: number
      readonly not?: readonly number[]
      /** Values worth trying, the plainest first. */
      readonly examples: readonly number[]
      readonly default?: number
    }
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly default: string }
  | { readonly type: 'text'; readonly examples: readonly string[] }
  | { readonly type: 'seconds-or-date'; readonly max: number; readonly examples: readonly (number | string)[] }
)

/** What a kind of fault is, for people, for the reader of plans and for whoever draws plans at random. */
export interface KindFacts<Field extends string = string> {
  /** An exchange fault strikes API calls, a delivery fault webhook deliveries. */
  readonly strikes: 'exchange' | 'delivery'
  /** What the caller, or the receiver, gets. */
  readonly seen: string
  /** What the provider did, or does next. */
  readonly provider: string
  readonly fields: Readonly<Record<Field, FieldFacts>>
}

type AnyFault = Fault | DeliveryFault
type FieldsOf<Kind extends AnyFault['kind']> = Exclude<keyof Extract<AnyFault, { kind: Kind }>, 'kind'> & string

export type FaultKind = AnyFault['kind']

const yearMs = 365 * 86_400_000
/**
 * Statuses that would not come out the same on every way: the platform's Response takes no body with the
 * first three; `fetch` turns 407 into a failure of its own and asks again after 421.
 */
const unfit = [204, 205, 304, 407, 421]

/** Every kind of fault with its fields. `readPlan` goes by this table, and so does `docs/faults.md`. */
export const faultKinds: { readonly [Kind in FaultKind]: KindFacts<FieldsOf<Kind>> } = {
  latency: {
    strikes: 'exchange',
    seen: 'the answer, late',
    provider: 'acted once',
    fields: {
      delayMs: {
        type: 'number',
        min: 0,
        max: yearMs,
        required: true,
        examples: [100, 1_000, 5_000, 20_000, 90_000],
        says: 'how late, in milliseconds',
      },
      jitterMs: {
        type: 'number',
        min: 0,
        max: yearMs,
        default: 0,
        examples: [0, 50],
        says: 'spread around `delayMs`, in both directions; never below 0 in all',
      },
      at: {
        type: 'choice',
        values: ['before', 'during', 'after'],
        default: 'before',
        says: 'where the time goes: on the way to the provider; in its work, while the idempotency key is in use; or on the way back, when the effect is done',
      },
    },
  },
  hang: {
    strikes: 'exchange',
    seen: 'nothing, not even headers, for as long as it waits',
    provider: 'did nothing',
    fields: {},
  },
  reset: {
    strikes: 'exchange',
    seen: 'a connection reset (`ECONNRESET`)',
    provider: 'did nothing',
    fields: {},
  },
  'lost-reply': {
    strikes: 'exchange',
    seen: 'a connection reset (`ECONNRESET`), exactly as with `reset`',
    provider: 'acted once and remembers its answer under the idempotency key',
    fields: {},
  },
  'truncated-body': {
    strikes: 'exchange',
    seen: 'status, headers with the full `content-length`, the first bytes, then a cut (`terminated`)',
    provider: 'acted once and remembers its answer under the idempotency key',
    fields: {
      afterBytes: {
        type: 'integer',
        min: 0,
        max: 1e9,
        examples: [0, 10, 100],
        says: 'how many bytes still arrive; at least the last byte of a body is lost. Left out: half of the body',
      },
    },
  },
  'malformed-json': {
    strikes: 'exchange',
    seen: 'the right status and headers, and a body that no JSON parser takes',
    provider: 'acted once and remembers its answer under the idempotency key',
    fields: {},
  },
  'html-error': {
    strikes: 'exchange',
    seen: 'a page of HTML, as proxies send it',
    provider: 'did nothing',
    fields: {
      status: {
        type: 'integer',
        min: 200,
        max: 599,
        not: unfit,
        default: 502,
        examples: [502, 503, 504, 200],
        says: 'status of the page; 200 is what captive portals send',
      },
    },
  },
  status: {
    strikes: 'exchange',
    seen: "a refusal in the provider's own error envelope",
    provider: 'did nothing; with `stored` it remembers the refusal under the idempotency key and repeats it',
    fields: {
      status: {
        type: 'integer',
        min: 200,
        max: 599,
        not: unfit,
        default: 500,
        examples: [500, 503, 409, 401, 200],
        says: 'status of the refusal',
      },
      code: {
        type: 'text',
        examples: ['lock_timeout'],
        says: 'error code in the envelope. Left out: what the provider says with this status',
      },
      stored: {
        type: 'boolean',
        default: false,
        says: "whether the refusal comes out of the provider's work and is remembered under the idempotency key",
      },
    },
  },
  'rate-limit': {
    strikes: 'exchange',
    seen: "429 in the provider's own error envelope",
    provider: 'did nothing and remembers nothing',
    fields: {
      retryAfter: {
        type: 'seconds-or-date',
        max: yearMs / 1_000,
        examples: [1, 30, 3_600],
        says: 'what Retry-After says: whole seconds, or an HTTP date that is sent as it stands. Left out: no such header',
      },
      as: {
        type: 'choice',
        values: ['seconds', 'date'],
        default: 'seconds',
        says: 'how seconds are written: as they are, or as the HTTP date that many seconds from now',
      },
    },
  },
  drip: {
    strikes: 'exchange',
    seen: 'status and headers at once, the body in a thin trickle',
    provider: 'acted once',
    fields: {
      bytesPerSecond: {
        type: 'number',
        min: 0.01,
        max: 1e9,
        required: true,
        examples: [10, 100, 1],
        says: 'how fast the body comes, in about ten pieces a second',
      },
    },
  },
  duplicate: {
    strikes: 'delivery',
    seen: 'the same delivery several times at the same moment',
    provider: 'goes by the first copy alone',
    fields: {
      copies: {
        type: 'integer',
        min: 2,
        max: 100,
        default: 2,
        examples: [2, 3],
        says: 'how many arrive in all',
      },
    },
  },
  reorder: {
    strikes: 'delivery',
    seen: 'the delivery after that of a later event, or after a minute when none follows',
    provider: 'signs it when it is sent',
    fields: {},
  },
  delay: {
    strikes: 'delivery',
    seen: 'the delivery late, with a fresh timestamp',
    provider: 'signs it when it is sent',
    fields: {
      delayMs: {
        type: 'number',
        min: 0,
        max: yearMs,
        required: true,
        examples: [1_000, 60_000, 3_600_000],
        says: 'how late, in milliseconds',
      },
    },
  },
  drop: {
    strikes: 'delivery',
    seen: 'nothing',
    provider: 'takes this attempt as failed and tries again by its schedule',
    fields: {},
  },
  tamper: {
    strikes: 'delivery',
    seen: 'a delivery whose body was changed after it was signed: an amount where there is one',
    provider: 'tries again by its schedule, with the true body, when the receiver refuses',
    fields: {},
  },
  forge: {
    strikes: 'delivery',
    seen: "an attacker's delivery ahead of the genuine one: a new event with a plausible body",
    provider: 'did not send it; the genuine delivery goes out all the same',
    fields: {
      signature: {
        type: 'choice',
        values: ['wrong-secret', 'missing', 'empty', 'short'],
        default: 'wrong-secret',
        says: "made with a secret of the attacker's own; no header; an empty one; one that is a character short",
      },
      type: {
        type: 'text',
        examples: ['payment_intent.succeeded'],
        says: 'event type that the attacker claims. Left out: that of the genuine delivery',
      },
    },
  },
  replay: {
    strikes: 'delivery',
    seen: 'the delivery, and the very same headers and bytes once more later',
    provider: 'did not send the second one',
    fields: {
      afterMs: {
        type: 'number',
        min: 0,
        max: yearMs,
        default: 3_600_000,
        examples: [3_600_000, 1_000],
        says: 'how long after the original, in milliseconds',
      },
    },
  },
  early: {
    strikes: 'delivery',
    seen: 'the delivery before the API call that made its event is answered',
    provider: 'waits for the receiver, at most a second, before it answers',
    fields: {},
  },
  'wrong-secret': {
    strikes: 'delivery',
    seen: 'the event, signed with a secret that it does not have',
    provider: 'tries again by its schedule when the receiver refuses',
    fields: {},
  },
  'rotated-secret': {
    strikes: 'delivery',
    seen: 'signatures of a new secret and, after it, of the old one; of the old one alone where a scheme carries one',
    provider: 'is rolling its secret',
    fields: {},
  },
  burst: {
    strikes: 'delivery',
    seen: 'everything of some time at one moment',
    provider: 'signs it when it is sent',
    fields: {
      everyMs: {
        type: 'integer',
        min: 1,
        max: yearMs,
        default: 60_000,
        examples: [60_000, 1_000],
        says: "how much time's deliveries come together, in milliseconds",
      },
    },
  },
  'unknown-event-type': {
    strikes: 'delivery',
    seen: 'ahead of the delivery a genuine event about the same thing, of a type that nobody has heard of',
    provider: 'sends both; goes by the second',
    fields: {
      type: {
        type: 'text',
        examples: ['payment_intent.novelty'],
        says: 'the unknown type. Left out: a novelty of the family of the delivery',
      },
    },
  },
  'other-api-version': {
    strikes: 'delivery',
    seen: 'the event as another version of the API writes it: with members that nobody has heard of',
    provider: 'signs it as it is',
    fields: {
      version: {
        type: 'text',
        examples: ['2099-01-01'],
        says: 'what the version is called, where the provider tells one. Left out: 2099-01-01',
      },
    },
  },
  'same-id-other-bytes': {
    strikes: 'delivery',
    seen: 'the delivery, and the same event under the same id in other bytes later',
    provider: 'goes by the first',
    fields: {
      afterMs: {
        type: 'number',
        min: 0,
        max: yearMs,
        default: 1_000,
        examples: [1_000, 0, 3_600_000],
        says: 'how long after the original, in milliseconds',
      },
    },
  },
}

/** Whether a fault strikes deliveries, not exchanges. */
export function isDeliveryFault(fault: AnyFault): fault is DeliveryFault {
  return faultKinds[fault.kind].strikes === 'delivery'
}
