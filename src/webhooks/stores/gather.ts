interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** One more than one, so that a batch that has to wait does not hold up all others. */
const batchesAtOnce = 2

const mostInBatch = 100

/**
 * Gathers what comes while batches are being stored into the next one: nothing waits while there is little to do, and the
 * more comes the more shares a batch. `store` stores a batch or rejects and has stored nothing; then each of its items is
 * tried alone, so that one's failure is not another's.
 */
export function gathering<Item, Result>(
  store: (batch: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let underWay = 0

  async function storeAll(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await store(batch.map(({ item }) => item))
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result)
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error)
      else await Promise.all(batch.map((each) => storeAll([each])))
    }
  }

  async function storeWaiting(): Promise<void> {
    underWay++
    while (waiting.length > 0) await storeAll(waiting.splice(0, mostInBatch))
    underWay--
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (underWay < batchesAtOnce) void storeWaiting()
    })
}
