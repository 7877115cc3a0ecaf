/** Counts how calls ended, lately. Each operation costs the same however many calls there were. */
export interface Window {
  add(failed: boolean, nowMs: number): void
  calls(nowMs: number): number
  failures(nowMs: number): number
  clear(): void
}

/** The last `size` calls. */
export function countWindow(size: number): Window {
  const ring = new Uint8Array(size) // 0 empty, 1 succeeded, 2 failed
  let at = 0
  let calls = 0
  let failures = 0
  return {
    add(failed) {
      if (ring[at] === 2) failures--
      if (ring[at] === 0) calls++
      ring[at] = failed ? 2 : 1
      if (failed) failures++
      at = (at + 1) % size
    },
    calls: () => calls,
    failures: () => failures,
    clear() {
      ring.fill(0)
      at = calls = failures = 0
    },
  }
}

/** The calls of the last `windowMs`, in `buckets` steps. */
export function timeWindow(windowMs: number, buckets = 10): Window {
  const bucketMs = windowMs / buckets
  const calls = Array<number>(buckets).fill(0)
  const failures = Array<number>(buckets).fill(0)
  let allCalls = 0
  let allFailures = 0
  let current = 0

  /** Empties the buckets that time has passed by. */
  function forget(nowMs: number): void {
    const now = Math.floor(nowMs / bucketMs)
    for (let step = Math.max(current + 1, now - buckets + 1); step <= now; step++) {
      const bucket = step % buckets
      allCalls -= calls[bucket] ?? 0
      allFailures -= failures[bucket] ?? 0
      calls[bucket] = failures[bucket] = 0
    }
    if (now > current) current = now
  }

  return {
    add(failed, nowMs) {
      forget(nowMs)
      const bucket = current % buckets
      calls[bucket] = (calls[bucket] ?? 0) + 1
      allCalls++
      if (!failed) return
      failures[bucket] = (failures[bucket] ?? 0) + 1
      allFailures++
    },
    calls: (nowMs) => (forget(nowMs), allCalls),
    failures: (nowMs) => (forget(nowMs), allFailures),
    clear() {
      calls.fill(0)
      failures.fill(0)
      allCalls = allFailures = 0
    },
  }
}
