import { type EventFacts } from '../providers/event-facts.ts'

/** Where the events of one delivery stand when there may be several: an array, in the body or in a field of its form. */
export interface EventList {
  /** Of the array. */
  readonly pointer: string
  readonly field?: string
}

/** The list that a scheme's facts tell of; `undefined`: a delivery is one event. */
export function eventListOf({ id, type }: EventFacts): EventList | undefined {
  const place = id ?? type
  const listed = place?.split(' + ').find((each) => each.includes('*'))
  if (listed === undefined) return undefined
  const [, field, path] = /^form-json:([^:]+):(.*)$/.exec(listed) ?? []
  const pointer = (path ?? listed).split('/*')[0] as string
  return field === undefined ? { pointer } : { pointer, field }
}

/** The same facts for one event of the list. */
export function eventFactsAt(facts: EventFacts, index: number): EventFacts {
  const at = (place: string | undefined) => place?.replaceAll('*', String(index))
  return withPlaces(at(facts.id), at(facts.type), at(facts.time))
}

/** Facts with both an id and a type to read: where one is not sent, the other stands for it. */
export function readableFacts({ id, type, time }: EventFacts): EventFacts {
  return withPlaces(id ?? type, type ?? id, time)
}

function withPlaces(id: string | undefined, type: string | undefined, time: string | undefined): EventFacts {
  return {
    ...(id === undefined ? {} : { id }),
    ...(type === undefined ? {} : { type }),
    ...(time === undefined ? {} : { time }),
  }
}
