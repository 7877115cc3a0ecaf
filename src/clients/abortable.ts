/** Something that ends when a signal aborts. */
export interface Abortable {
  end(reason: unknown): void
}

const followers = new WeakMap<AbortSignal, Set<Abortable>>()

/**
 * Ends `follower` in the turn in which `signal` aborts, until it is let go.
 *
 * All that follow one signal share one listener: an event target looks through all its listeners to
 * remove one, and warns when there are many.
 */
export function follow(signal: AbortSignal, follower: Abortable): void {
  let all = followers.get(signal)
  if (all === undefined) {
    all = new Set()
    followers.set(signal, all)
    signal.addEventListener('abort', endAll)
  }
  all.add(follower)
}

/**
 * Lets `follower` go. `keep` leaves the listener in place for the next one: only for a signal that dies
 * with its request, since a listener keeps `AbortSignal.any()` and `AbortSignal.timeout()` alive.
 */
export function unfollow(signal: AbortSignal, follower: Abortable, keep = false): void {
  const all = followers.get(signal)
  if (all === undefined || !all.delete(follower) || keep || all.size > 0) return
  followers.delete(signal)
  signal.removeEventListener('abort', endAll)
}

function endAll(event: Event): void {
  const signal = event.currentTarget as AbortSignal
  const all = followers.get(signal)
  followers.delete(signal)
  signal.removeEventListener('abort', endAll)
  for (const follower of all ?? []) follower.end(signal.reason)
}

/** What `work` gives, unless the signal aborts before; the work itself goes on. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const waiter: Abortable = { end: reject }
    follow(signal, waiter)
    const leave = () => unfollow(signal, waiter)
    work.then(resolve, reject).finally(leave)
  })
}
