import { type EventState, type Inbox, type InboxEvent, neverMs } from '../webhooks/inbox.ts'

/** At most so many events of a kind are shown. */
const most = 100

/** Among so many of the oldest unfinished events those are looked for that failed. */
const lookedAt = 1_000

/** An event that somebody may want to know about, without its body. */
export type NotedEvent = Omit<InboxEvent, 'body'>

/** Events that failed and are tried again, then those that nobody can handle; of each at most a hundred, in order of arrival. */
export async function eventsOfNote(inbox: Pick<Inbox<never>, 'inspect'>): Promise<readonly NotedEvent[]> {
  const unfinished = await pages(inbox, ['ready', 'held', 'leased'], lookedAt)
  const retrying = unfinished.filter((event) => event.lastError !== undefined && triedBefore(event))
  const stuck = await pages(inbox, ['quarantined', 'conflict'], most)
  return [...retrying.slice(0, most), ...stuck]
}

/** Since it arrived or was requeued; the attempt at work is no failure yet. */
function triedBefore({ attempts, state }: NotedEvent): boolean {
  return attempts > (state === 'leased' ? 1 : 0)
}

/** Page by page, since bodies may be large. */
async function pages(
  inbox: Pick<Inbox<never>, 'inspect'>,
  states: readonly EventState[],
  count: number,
): Promise<readonly NotedEvent[]> {
  const found: NotedEvent[] = []
  while (found.length < count) {
    const { events } = await inbox.inspect({ states, afterSeq: found.at(-1)?.seq ?? 0, limit: 100 })
    for (const { body: _body, ...event } of events) found.push(event)
    if (events.length < 100) break
  }
  return found
}

/** What became of the event, and when it goes on. */
export function noted(event: NotedEvent): string {
  const { state, provider, type, eventId, receivedAtMs } = event
  const name = `${eventId} of ${provider} ${type}`
  if (state === 'quarantined' || state === 'conflict') return `${state}: ${name}, arrived ${timeOf(receivedAtMs)}`
  const attempts = `${event.attempts} ${event.attempts === 1 ? 'attempt' : 'attempts'}`
  return `retrying: ${name}, ${attempts}, ${event.lastError}, ${nextOf(event)}`
}

function nextOf({ state, dueAtMs }: NotedEvent): string {
  if (state === 'leased') return 'at work now'
  return dueAtMs >= neverMs ? 'waits for its turn' : `next ${timeOf(dueAtMs)}`
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
