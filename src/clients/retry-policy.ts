import { isGoodfenceError, networkCodeOf } from '../core/errors.ts'
import { type Random } from '../core/random.ts'
import { retryAfterMs } from './retry-after.ts'

/** How one attempt ended: with an answer, or without one. */
export type Outcome = { readonly response: Response } | { readonly error: unknown }

export interface RetryRules {
  readonly maxAttempts: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  /** Longest pause that a provider may ask for. */
  readonly maxRetryAfterMs: number
  readonly random: Random
}

/** What a decision depends on besides the outcome. */
export interface Situation {
  /** Counts from 1. */
  readonly attempt: number
  /** The request carries an idempotency key, so a 409 means that the first attempt is still at work. */
  readonly keyed: boolean
  /** Since the Unix epoch. */
  readonly nowMs: number
  /** What is left of the call's deadline. */
  readonly leftMs: number
}

/** Methods that may be repeated without a key (RFC 9110 section 9.2.2). */
export const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * How long to pause before the next attempt; undefined when this outcome is the call's last word. The
 * request is one that may be repeated at all.
 */
export function retryPause(outcome: Outcome, situation: Situation, rules: RetryRules): number | undefined {
  const { attempt, nowMs, leftMs } = situation
  if (attempt >= rules.maxAttempts) return undefined
  const asked = 'response' in outcome ? retryAfterMs(outcome.response, nowMs) : undefined
  if (!('response' in outcome ? isPassing(outcome.response, situation, asked) : isTransient(outcome.error)))
    return undefined

  // Full jitter (Brooker, "Exponential Backoff And Jitter"): the only kind that spreads callers who failed together.
  const ownMs = rules.random() * Math.min(rules.maxDelayMs, rules.baseDelayMs * 2 ** (attempt - 1))
  if (asked === undefined) return ownMs < leftMs ? ownMs : undefined
  if (asked > rules.maxRetryAfterMs) return undefined
  const pauseMs = asked + rules.random() * rules.baseDelayMs // never before the provider's time
  return pauseMs < leftMs ? pauseMs : undefined
}

/** Statuses that pass by themselves: overload, gateways, and Cloudflare's own. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])

function isPassing({ status, headers }: Response, { keyed }: Situation, asked: number | undefined): boolean {
  if (status < 400) return false
  const verdict = headers.get('stripe-should-retry') ?? headers.get('x-should-retry')
  if (verdict === 'true') return true
  if (verdict === 'false') return false
  // A replayed failure is stored under the key: each further attempt would get the same one.
  if (headers.get('idempotent-replayed') === 'true') return false
  return passing.has(status) || (status === 409 && keyed) || (status === 413 && asked !== undefined)
}

/** Transport failures that are no accident: certificates and wrong use stay wrong. */
const lasting = /^(?:CERT_|ERR_TLS_|ERR_SSL_|ERR_INVALID|UND_ERR_INVALID|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/

function isTransient(error: unknown): boolean {
  if (isGoodfenceError(error, 'timeout')) return error.facts.phase === 'attempt'
  // No status: the token endpoint gave no answer.
  if (isGoodfenceError(error, 'token_unavailable')) return passing.has(error.facts.status ?? 503)
  const code = networkCodeOf(error)
  if (code !== undefined) return !lasting.test(code)
  // What interceptors and other runtimes reject with, without a code.
  return (
    error instanceof TypeError && /^(?:fetch failed|failed to fetch|terminated|network ?error)/i.test(error.message)
  )
}
