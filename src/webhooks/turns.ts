import { type DeliveryFacts } from '../providers/delivery-facts.ts'
import { type Line } from './line.ts'

/** Who may be sent, where a provider keeps its events in order. */
export interface Turns {
  /** Lines up, and says whether it may be sent at once. */
  enter(line: Line): boolean
  /** Is through, or given up. Says whose turn it is then; `undefined` when nobody waited for this one. */
  leave(line: Line): Line | undefined
}

/** Makes turns for one outbox: nobody has lined up. */
export function createTurns(order: DeliveryFacts['order'] = 'none'): Turns {
  const queues = new Map<string, Line[]>()

  return {
    enter(line) {
      const name = queueOf(line, order)
      if (name === undefined) return true
      const queue = queues.get(name)
      if (queue === undefined) queues.set(name, [line])
      else queue.push(line)
      return queue === undefined
    },
    leave(line) {
      const name = queueOf(line, order)
      const queue = name === undefined ? undefined : queues.get(name)
      const place = queue?.indexOf(line) ?? -1
      if (name === undefined || queue === undefined || place < 0) return undefined
      queue.splice(place, 1)
      if (queue.length === 0) queues.delete(name)
      return place === 0 ? queue[0] : undefined
    },
  }
}

/** `undefined`: waits for nobody. */
function queueOf({ target, event }: Line, order: DeliveryFacts['order']): string | undefined {
  if (order === 'per-target') return target.url
  if (order === 'per-key' && event.orderKey !== undefined) return JSON.stringify([target.url, event.orderKey])
  return undefined
}
