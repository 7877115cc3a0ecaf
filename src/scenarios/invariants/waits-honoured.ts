import { duration } from '../../reports/step.ts'
import { type Invariant } from './invariant.ts'
import { type Request, askedWait, requestsOf } from './requests.ts'

/** A provider that asks for a pause gets it: nothing is repeated before Retry-After has passed. */
export function waitsHonoured(): Invariant {
  return {
    name: 'waits-honoured',
    promise: 'No request is repeated before the pause that Retry-After asks for.',
    check: (history) => {
      const requests = requestsOf(history)
      return requests.flatMap((refused) => {
        const waitMs = askedWait(refused)
        if (waitMs === undefined || refused.endedMs === undefined) return []
        const dueMs = refused.endedMs + waitMs
        const early = requests.find(
          (later) =>
            later.atMs >= (refused.endedMs ?? 0) &&
            later.seq > refused.seq &&
            repeats(later, refused) &&
            later.atMs < dueMs - 1,
        )
        if (early === undefined) return []
        return [
          {
            happened: `${refused.name} was repeated ${duration(early.atMs - refused.endedMs)} after a ${refused.status} that asked for ${duration(waitMs)}.`,
            entries: [early.seq],
          },
        ]
      })
    },
  }
}

/** The same request again: by its key where both have one, else by method and path. */
function repeats(later: Request, earlier: Request): boolean {
  if (later.method !== earlier.method || later.path !== earlier.path) return false
  const [key, before] = [later.headers['idempotency-key'], earlier.headers['idempotency-key']]
  return key === undefined || before === undefined || key === before
}
