/** What waits for its time. */
export interface Due {
  dueAtMs: number
  readonly seq: number
}

/** Keeps what is due in order of time, then of arrival. New arrivals go to the end, so adding costs next to nothing. */
export class DueQueue<Item extends Due> {
  readonly #items: Item[] = []

  get length(): number {
    return this.#items.length
  }

  at(index: number): Item | undefined {
    return this.#items[index]
  }

  add(item: Item): void {
    const { length } = this.#items
    const last = this.#items[length - 1]
    if (last === undefined || before(last, item)) this.#items.push(item)
    else this.#items.splice(this.#placeOf(item), 0, item)
  }

  /** Takes an item out; call it before its time is changed. */
  remove(item: Item): void {
    if (this.#items[0] === item) this.#items.shift()
    else this.#items.splice(this.#placeOf(item), 1)
  }

  /** Where the item stands, or would. */
  #placeOf(item: Item): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (before(this.#items[middle] as Item, item)) low = middle + 1
      else high = middle
    }
    return low
  }
}

function before(a: Due, b: Due): boolean {
  return a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.seq < b.seq)
}
