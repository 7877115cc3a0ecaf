import { nearestOf } from '../core/did-you-mean.ts'
import { eventMatcher } from '../webhooks/delivery.ts'

/**
 * Whether a plan may wait for such events: some known type matches, or it is a type of its own about an object that is
 * known, such as `charge.dispute.created`, and not a known one misspelt. Providers have more types
 * than their manifests list, and a scenario can send any.
 */
export function isSent(pattern: string, events: readonly string[]): boolean {
  if (events.some(eventMatcher(pattern))) return true
  if (!/^[a-z\d_]+(?:\.[a-z\d_]+)+$/.test(pattern)) return false
  const object = `${pattern.split('.', 1)[0]}.`
  const { edits } = nearestOf(pattern, events) ?? { edits: Infinity }
  return edits > 2 && events.some((type) => type.startsWith(object))
}

/** What could have been meant by a pattern: the known types and, where it has `*`, those that are about one object. */
export function spellings(pattern: string, events: readonly string[]): readonly string[] {
  if (!pattern.includes('*')) return events
  return [...new Set(events.map((type) => `${type.split('.', 1)[0]}.*`)), ...events]
}
