interface Waiting<Item, Result> {
  readonly items: readonly Item[]
  readonly resolve: (results: readonly Result[]) => void
  readonly reject: (error: unknown) => void
}

/** Joins what is added before the next commit into that commit. */
export interface GroupCommit<Item, Result> {
  /** Resolves with one result for each item once they are committed. */
  readonly add: (items: readonly Item[]) => Promise<readonly Result[]>
  /** Commits what waits, now. */
  readonly flush: () => void
}

/** Which of what is added shares a commit. */
export const waits = {
  /** All that the sockets had to say in this turn of the event loop. Each callback of a socket is a tick of its own. */
  untilSocketsAreRead: (flush: () => void): void => void setImmediate(flush),
  /** All of this tick: nextTick runs after its promise work, which may add more, and before anything else. */
  untilTickEnds: (flush: () => void): void => process.nextTick(flush),
}

/**
 * Makes a group commit over `commit`, which stores a batch or throws and has stored nothing. When a
 * batch of several callers fails, each is tried alone, so that one caller's failure is not another's.
 */
export function groupCommit<Item, Result>(
  commit: (batch: readonly Item[]) => readonly Result[],
  wait: (flush: () => void) => void,
): GroupCommit<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []

  function commitAlone({ items, resolve, reject }: Waiting<Item, Result>): void {
    try {
      resolve(commit(items))
    } catch (error) {
      reject(error)
    }
  }

  function flush(): void {
    const batch = waiting
    waiting = []
    const [only] = batch
    if (only === undefined) return
    if (batch.length === 1) return commitAlone(only)
    try {
      const results = commit(batch.flatMap(({ items }) => items))
      let from = 0
      for (const { items, resolve } of batch) resolve(results.slice(from, (from += items.length)))
    } catch {
      batch.forEach(commitAlone)
    }
  }

  return {
    flush,
    add: (items) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ items, resolve, reject }) === 1) wait(flush)
      }),
  }
}
