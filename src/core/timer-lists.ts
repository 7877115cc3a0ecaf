type SetTimer = (callback: (list: List) => void, ms: number, list: List) => NodeJS.Timeout

/** Calls back once after `ms`, unless the returned function is called before. */
export type After = (ms: number, callback: () => void) => () => void

interface Entry {
  /** Unknown until the list's next look at the clock. */
  atMs: number | undefined
  readonly callback: () => void
  previous: Entry | undefined
  next: Entry | undefined
  armed: boolean
}

interface List {
  readonly ms: number
  first: Entry | undefined
  last: Entry | undefined
  /** Entries without a time: the last ones. */
  firstUnstamped: Entry | undefined
  timer: NodeJS.Timeout | undefined
  /** Whether the timer ends in time to stamp what is armed now. */
  ticking: boolean
}

/**
 * Makes timers that cost a tenth of the platform's, for limits that are armed for every call and nearly always cancelled.
 *
 * Limits of one duration come due in the order in which they were armed, so one list and one platform timer
 * serve them all, as in Node's own timer lists. Even reading the time costs more than linking, so
 * whatever outlives the list's tick (a 64th of the duration, 1 to 10 ms) gets its time then: never early, late by
 * no more than that. A list in which nothing is armed lets the process end.
 */
export function timerLists(
  setTimer: SetTimer,
  clearTimer: (timer: NodeJS.Timeout | undefined) => void,
  monotonic: () => number,
): After {
  const lists = new Map<number, List>()

  function look(list: List): void {
    const nowMs = monotonic()
    for (let entry = list.firstUnstamped; entry !== undefined; entry = entry.next) entry.atMs = nowMs + list.ms
    list.firstUnstamped = undefined
    list.ticking = false
    try {
      for (let entry = list.first; entry?.atMs !== undefined && entry.atMs <= nowMs; entry = list.first) {
        unlink(list, entry)
        entry.callback()
      }
    } finally {
      // A callback that throws leaves the rest of the list alive; one that armed anew has set the tick itself.
      if (list.first === undefined) {
        if (lists.get(list.ms) === list && !list.ticking) lists.delete(list.ms)
      } else if (!list.ticking) wake(list, (list.first.atMs ?? nowMs) - nowMs)
    }
  }

  function wake(list: List, ms: number): void {
    list.timer = setTimer(look, Math.max(1, Math.ceil(ms)), list)
  }

  function tick(list: List): void {
    clearTimer(list.timer)
    list.ticking = true
    wake(list, Math.min(10, list.ms / 64))
  }

  return (ms, callback) => {
    let list = lists.get(ms)
    if (list === undefined) {
      list = { ms, first: undefined, last: undefined, firstUnstamped: undefined, timer: undefined, ticking: false }
      lists.set(ms, list)
    }
    if (!list.ticking) tick(list)
    else if (list.first === undefined) list.timer?.ref()
    const entry: Entry = { atMs: undefined, callback, previous: list.last, next: undefined, armed: true }
    if (list.last === undefined) list.first = entry
    else list.last.next = entry
    list.last = entry
    list.firstUnstamped ??= entry
    const home = list
    return () => {
      if (!entry.armed) return
      unlink(home, entry)
      if (home.first === undefined) home.timer?.unref()
    }
  }
}

function unlink(list: List, entry: Entry): void {
  entry.armed = false
  if (list.firstUnstamped === entry) list.firstUnstamped = entry.next
  if (entry.previous === undefined) list.first = entry.next
  else entry.previous.next = entry.next
  if (entry.next === undefined) list.last = entry.previous
  else entry.next.previous = entry.previous
}
