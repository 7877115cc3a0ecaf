import { type DisableFacts } from '../providers/delivery-facts.ts'
import { type Outcome } from './delivery-attempt.ts'
import { includesStatus } from './judge-answer.ts'

/** What a provider remembers of an endpoint to decide whether it goes on sending there. */
export interface EndpointStanding {
  /** An attempt was taken. */
  taken(): void
  /** An attempt failed. Says why the endpoint is disabled now, if it is. */
  failed(outcome: Outcome, atMs: number): string | undefined
  /** An event was given up. Says why the endpoint is disabled now, if it is. */
  gaveUp(): string | undefined
}

/** A standing without a stain. */
export function createStanding(rule: DisableFacts = {}): EndpointStanding {
  let attempts = 0
  let events = 0
  let firstFailureMs: number | undefined
  let timeouts: number[] = []

  return {
    taken() {
      attempts = 0
      events = 0
      firstFailureMs = undefined
    },
    failed(outcome, atMs) {
      attempts++
      firstFailureMs ??= atMs
      if ('status' in outcome && rule.statuses !== undefined && includesStatus(rule.statuses, outcome.status))
        return `it answered ${outcome.status}`
      if (rule.attempts !== undefined && attempts >= rule.attempts) return `${attempts} attempts in a row failed`
      if (rule.failingForMs !== undefined && atMs - firstFailureMs >= rule.failingForMs)
        return `it has failed for ${hours(rule.failingForMs)}`
      if (rule.timeouts !== undefined && 'error' in outcome && outcome.error === 'timeout') {
        const { count, withinMs } = rule.timeouts
        timeouts = [...timeouts.filter((earlierMs) => atMs - earlierMs < withinMs), atMs]
        if (timeouts.length >= count) return `${timeouts.length} attempts timed out within ${hours(withinMs)}`
      }
      return undefined
    },
    gaveUp() {
      events++
      return rule.events !== undefined && events >= rule.events ? givenUp(events) : undefined
    },
  }
}

function givenUp(events: number): string {
  return events === 1 ? 'an event was given up' : `${events} events in a row were given up`
}

function hours(ms: number): string {
  return ms === 3_600_000 ? 'an hour' : `${ms / 3_600_000} hours`
}
