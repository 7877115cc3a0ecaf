import { hash } from 'node:crypto'
import { hashOfKey } from '../event-key.ts'
import { type EventState, type InboxEvent, type LaneOrder, type NewEvent } from '../inbox.ts'
import { type Reply } from './redis-client.ts'
import { placeOf } from './sql-place.ts'

/** The arguments with which an event is put. */
export function argumentsOf(event: NewEvent): (string | Buffer)[] {
  const { provider, account, subscription, eventId, type, body, occurredAtMs } = event
  const { lane, laneOrder, marker, waitsFor, state, delayMs } = placeOf(
    event,
    event.quarantined ? 'quarantined' : 'ready',
  )
  const known = hashOfKey(event)
  const fields: Readonly<Record<string, string | Buffer | null>> = {
    key: known,
    provider,
    account,
    subscription,
    eventId,
    type,
    body: Buffer.from(body.buffer, body.byteOffset, body.length),
    occurredAtMs: occurredAtMs === undefined ? null : String(occurredAtMs),
    lane,
    laneOrder,
    marker,
    waitsFor,
  }
  const given = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [name, value]))
  return [known, hash('sha256', body), state, String(delayMs), String(given.length), ...given]
}

/** Reads an event and the fence of its claim out of its hash: names and values by turns. */
export function eventOf(reply: Reply): { readonly event: InboxEvent; readonly fence: number } {
  const list = reply as readonly Buffer[]
  const fields: Record<string, Buffer | undefined> = {}
  for (let at = 0; at < list.length; at += 2) fields[String(list[at])] = list[at + 1]
  const { occurredAtMs, lane, laneOrder, marker, waitsFor, lastError, requeuedBy, requeuedReason } = fields
  const text = (name: string) => String(fields[name])
  const number = (name: string) => Number(fields[name])
  const event: InboxEvent = {
    seq: number('seq'),
    provider: text('provider'),
    account: text('account'),
    subscription: text('subscription'),
    eventId: text('eventId'),
    type: text('type'),
    state: text('state') as EventState,
    body: fields['body'] as Uint8Array<ArrayBuffer>,
    receivedAtMs: number('receivedAtMs'),
    ...(occurredAtMs === undefined ? {} : { occurredAtMs: Number(occurredAtMs) }),
    ...(lane === undefined ? {} : { lane: String(lane) }),
    ...(laneOrder === undefined ? {} : { laneOrder: String(laneOrder) as LaneOrder }),
    ...(marker === undefined ? {} : { marker: String(marker) }),
    ...(waitsFor === undefined ? {} : { waitsFor: String(waitsFor) }),
    dueAtMs: number('dueAtMs'),
    attempts: number('attempts'),
    crashes: number('crashes'),
    replays: number('replays'),
    ...(lastError === undefined ? {} : { lastError: String(lastError) }),
    ...(requeuedBy === undefined ? {} : { requeued: { by: String(requeuedBy), reason: String(requeuedReason) } }),
  }
  return { event, fence: number('fence') }
}
