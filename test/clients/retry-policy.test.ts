import { describe, expect, test } from 'vitest'
import { type Outcome, retryPause, type RetryRules, type Situation } from '../../src/clients/retry-policy.ts'
import { GoodfenceError, networkError } from '../../src/core/errors.ts'

const rules: RetryRules = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 150,
  maxRetryAfterMs: 30_000,
  random: () => 0.5,
}
const situation: Situation = { attempt: 1, keyed: false, nowMs: 0, leftMs: Infinity }

const pause = (outcome: Outcome, changes: Partial<Situation> = {}) =>
  retryPause(outcome, { ...situation, ...changes }, rules)
const answered = (status: number, headers: Record<string, string> = {}): Outcome => ({
  response: new Response(null, { status, headers }),
})

describe('retryPause', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])('goes on after a %i', (status) => {
    expect(pause(answered(status))).toBe(50)
  })

  test.each([200, 204, 304, 400, 401, 402, 403, 404, 409, 410, 413, 422, 501, 505])('stops at a %i', (status) => {
    expect(pause(answered(status))).toBeUndefined()
  })

  test('goes on after a 409 when the request has a key: its first attempt is still at work', () => {
    expect(pause(answered(409), { keyed: true })).toBe(50)
  })

  test('goes on after a 413 that names a time', () => {
    expect(pause(answered(413, { 'retry-after': '1' }))).toBe(1_050)
  })

  test.each(['stripe-should-retry', 'x-should-retry'])('lets %s overrule the status', (header) => {
    expect(pause(answered(402, { [header]: 'true' }))).toBe(50)
    expect(pause(answered(503, { [header]: 'false' }))).toBeUndefined()
  })

  test('stops at a failure that is replayed from the key: every attempt would get it again', () => {
    expect(pause(answered(500, { 'idempotent-replayed': 'true' }), { keyed: true })).toBeUndefined()
  })

  const transient: [string, unknown][] = [
    ['a reset', networkError('ECONNRESET')],
    ['a refused connection', networkError('ECONNREFUSED')],
    ['a name that does not resolve', networkError('ENOTFOUND')],
    ['a socket closed', networkError('UND_ERR_SOCKET')],
    ['a failure without a code, as interceptors give it', new TypeError('Failed to fetch')],
    ['a timeout of the attempt', new GoodfenceError('timeout', 'late', { timeoutMs: 1, phase: 'attempt' })],
    ['a token endpoint that gave no answer', new GoodfenceError('token_unavailable', 'none', {})],
    ['a token endpoint that is ill', new GoodfenceError('token_unavailable', 'none', { status: 503 })],
  ]
  test.each(transient)('goes on after %s', (_name, error) => {
    expect(pause({ error })).toBe(50)
  })

  const lasting: [string, unknown][] = [
    ['a bad certificate', Object.assign(new TypeError('fetch failed'), { code: 'CERT_HAS_EXPIRED' })],
    ['a self-signed certificate', Object.assign(new Error('tls'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
    ['a mistake of the caller', new TypeError('Invalid URL')],
    ['what nobody foresaw', new Error('boom')],
    ['the end of the deadline', new GoodfenceError('timeout', 'late', { timeoutMs: 1, phase: 'total' })],
    ['an open breaker', new GoodfenceError('circuit_open', 'open', { retryAtMs: 1 })],
    ['a full bulkhead', new GoodfenceError('bulkhead_full', 'full', { maxConcurrent: 1, maxQueued: 0 })],
    ['an own throttle', new GoodfenceError('throttled', 'slow', { waitMs: 1 })],
    ['refused credentials', new GoodfenceError('token_unavailable', 'none', { status: 401 })],
  ]
  test.each(lasting)('stops at %s', (_name, error) => {
    expect(pause({ error })).toBeUndefined()
  })

  test('doubles the pause up to its limit', () => {
    expect(pause(answered(503), { attempt: 2 })).toBe(75)
  })

  test('stops after the last attempt', () => {
    expect(pause(answered(503), { attempt: 3 })).toBeUndefined()
  })

  test('never comes before the time that the provider names', () => {
    expect(pause(answered(429, { 'retry-after': '2' }))).toBe(2_050)
  })

  test('stops when the provider asks for more than is allowed', () => {
    expect(pause(answered(429, { 'retry-after': '31' }))).toBeUndefined()
  })

  test('stops when the pause would outlast the deadline', () => {
    expect(pause(answered(503), { leftMs: 50 })).toBeUndefined()
    expect(pause(answered(429, { 'retry-after': '2' }), { leftMs: 2_000 })).toBeUndefined()
  })
})
