/**
 * Outgoing calls: a client behind its fence, each layer of it by itself, and typed calls over a document.
 *
 * @module
 */
export { bearer, type BearerOptions } from './auth/bearer.ts'
export { clientCredentials, type ClientCredentialsOptions, tokenAuth } from './auth/client-credentials.ts'
export { createTokenSource, type Grant, type TokenSource, type TokenSourceOptions } from './auth/token-source.ts'
export { type Breaker, type BreakerOptions, createBreaker, type Permit, type Verdict } from './breaker.ts'
export { type ClientOptions, createClient, type Place, places } from './client.ts'
export { formBody } from './form.ts'
export { attemptTimeout, type AttemptTimeoutOptions } from './layers/attempt-timeout.ts'
export { bulkhead, type BulkheadOptions } from './layers/bulkhead.ts'
export { breakerCheck, circuitBreaker, type CircuitBreakerOptions } from './layers/circuit-breaker.ts'
export { deadline, type DeadlineOptions } from './layers/deadline.ts'
export { idempotencyKey, type IdempotencyKeyOptions } from './layers/idempotency-key.ts'
export { log, type LogLine, type LogOptions } from './layers/log.ts'
export { retry, type RetryOptions } from './layers/retry.ts'
export { throttle, type ThrottleOptions } from './layers/throttle.ts'
export { createRetryBudget, type RetryBudget, type RetryBudgetOptions } from './retry-budget.ts'
export { typedClient, type TypedClient, type TypedClientOptions } from './typed-client.ts'
