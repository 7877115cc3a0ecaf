import { entriesOf } from '../history.ts'
import { type Invariant } from './invariant.ts'

export interface EventsAcknowledgedOptions {
  /** Only events of this type. @default all */
  readonly type?: string
}

/** Every genuine event is taken with a 2xx in the end, so that the provider stops sending it. */
export function eventsAcknowledged(options: EventsAcknowledgedOptions = {}): Invariant {
  const { type } = options
  return {
    name: 'events-acknowledged',
    promise: `Every genuine ${type ?? 'event'} is acknowledged in the end.`,
    check: (history) => {
      const deliveries = entriesOf(history, 'delivery').filter(
        (entry) => entry.genuine && (type === undefined || entry.type === type),
      )
      const taken = new Set(
        entriesOf(history, 'delivered')
          .filter(({ status = 0 }) => status >= 200 && status < 300)
          .map(({ delivery }) => delivery),
      )
      const byEvent = Map.groupBy(deliveries, ({ event }) => event)
      return [...byEvent.values()]
        .filter((group) => !group.some(({ delivery }) => taken.has(delivery)))
        .map((group) => {
          const [first] = group
          return {
            happened: `${first?.type ?? 'An event'} (${first?.event ?? ''}) was delivered ${group.length} times and never acknowledged.`,
            ...(first === undefined ? {} : { entries: [first.seq] }),
          }
        })
    },
  }
}
