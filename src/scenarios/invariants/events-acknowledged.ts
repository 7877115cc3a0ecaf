import { entriesOf } from '../history.ts'
import { type Finding, type Invariant } from './invariant.ts'

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
      const findings: Finding[] = []
      for (const [event, group] of Map.groupBy(deliveries, (entry) => entry.event)) {
        const [first] = group
        if (first === undefined || group.some(({ delivery }) => taken.has(delivery))) continue
        findings.push({
          happened: `${first.type} (${event}) was delivered ${group.length} times and never acknowledged.`,
          entries: [first.seq],
        })
      }
      return findings
    },
  }
}
