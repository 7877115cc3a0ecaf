import { type Invariant } from './invariant.ts'
import { isOwnAnswer, requestsOf } from './requests.ts'

/** What these mean: the request itself was wrong. A decline, a conflict and a limit are something else. */
const blames = new Set([400, 401, 403, 405, 415, 422])

/** The integration sends what the provider's document allows. */
export function requestsValid(): Invariant {
  return {
    name: 'requests-valid',
    promise: 'Every request is one that the provider can take.',
    check: (history) =>
      requestsOf(history)
        .filter((request) => isOwnAnswer(request) && blames.has(request.status ?? 0))
        .slice(0, 1)
        .map(({ name, status, seq }) => ({
          happened: `The provider refused ${name} with ${status}, though no fault had struck it.`,
          entries: [seq],
        })),
  }
}
