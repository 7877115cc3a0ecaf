import { type DeliveryFacts } from './delivery-facts.ts'
import { type Confidence, type Scheme } from './scheme.ts'

/** How a caller shows who it is. */
export interface AuthFacts {
  readonly schemes: readonly ('bearer' | 'basic-username')[]
  /** Header that names the account acted for, where one key serves several. */
  readonly accountHeader?: string
  /** What keys for tests begin with. */
  readonly testKeyPrefix: string
  /** What keys for real money begin with: a mock must refuse them. */
  readonly liveKeyPrefix?: string
}

/** How a provider treats a repeated key. */
export interface IdempotencyFacts {
  readonly header: string
  readonly methods: readonly string[]
  readonly maxKeyLength: number
  /** After this long a key is new again, and the same request runs a second time. */
  readonly retentionMs: number
  /** Which answers are stored and replayed. */
  readonly replays: 'success-only' | 'all-after-execution-starts' | 'current-state'
  /** Header that marks an answer as a replay. */
  readonly replayMarker?: { readonly header: string; readonly value: string }
  /** What the same key with other parameters gets. */
  readonly differentRequest: Refusal
  /** What a key gets while its first request is still running. */
  readonly inFlight: Refusal
}

/** An answer of the provider that says no. */
export interface Refusal {
  readonly status: number
  readonly type: string
  readonly code?: string
}

export interface RateLimitFacts {
  readonly perSecond: { readonly live: number; readonly test: number }
  readonly refusal: Refusal
  /** Header that tells which limit was hit, with its values. */
  readonly reasonHeader?: { readonly name: string; readonly values: readonly string[] }
  /** Whether refusals normally carry Retry-After. */
  readonly retryAfter: 'none' | 'seconds' | 'http-date' | 'both'
}

/** What the provider's own library repeats, and when. */
export interface RetryFacts {
  readonly library: string
  readonly maxRetries: number
  /** Statuses that are repeated, besides every 5xx. */
  readonly statuses: readonly number[]
  readonly serverErrors: boolean
  readonly networkErrors: boolean
  /** Header by which the provider overrules the status. */
  readonly serverHint?: { readonly header: string; readonly retry: string; readonly stop: string }
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  readonly timeoutMs: number
}

export interface ErrorFacts {
  /** JSON pointers into the body of a refusal. */
  readonly pointers: Readonly<Record<'type' | 'code' | 'message' | 'param' | 'declineCode', string>>
  readonly requestIdHeader: string
  readonly declineStatus: number
}

export interface PaginationFacts {
  readonly style: 'id-cursor'
  readonly limit: { readonly parameter: string; readonly initial: number; readonly max: number }
  readonly after: string
  readonly before: string
  /** JSON pointers into a page. */
  readonly items: string
  readonly more: string
}

export interface WebhookFacts {
  readonly scheme: Scheme
  readonly delivery: DeliveryFacts
}

/** What goodfence knows about one provider: plain data, shared by its client, its mock and its receiver. */
export interface Manifest {
  readonly name: string
  readonly title: string
  /** The provider's document, below `specs/`. */
  readonly document: string
  readonly baseUrls: { readonly live: string; readonly test: string }
  readonly auth: AuthFacts
  readonly idempotency: IdempotencyFacts
  readonly rateLimit: RateLimitFacts
  readonly retry: RetryFacts
  readonly errors: ErrorFacts
  readonly pagination: PaginationFacts
  readonly versioning?: { readonly header: string; readonly current: string }
  readonly webhooks: WebhookFacts
  /** Types of the events that the provider sends about the objects in its document. */
  readonly events: readonly string[]
  readonly confidence: Confidence
  /** Facts that are weaker than `confidence`, by their place in the manifest. */
  readonly uncertain: readonly string[]
  readonly sources: readonly string[]
}
