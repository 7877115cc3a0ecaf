import { createHash } from 'node:crypto'
import { type HandlerContext, type WebhookEvent } from '../handler.ts'
import { parseJson } from '../parsed-body.ts'

/** An event as an engine keeps it: plain JSON, the body byte for byte. */
export interface JobData {
  readonly id: string
  readonly type: string
  readonly provider: string
  readonly account: string
  readonly subscription: string
  readonly occurredAtMs?: number
  readonly receivedAtMs: number
  /** The bytes in base64: as text some would not survive the engine's own encoding. */
  readonly body: string
}

/** What an engine is given of an event. */
export function jobDataOf({ data: _data, body, ...event }: WebhookEvent): JobData {
  return { ...event, body: Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64') }
}

/** The event of a job, as a handler of this package gets it. */
export function eventOfJob({ body: encoded, ...event }: JobData): WebhookEvent {
  const body = Uint8Array.from(Buffer.from(encoded, 'base64'))
  return { ...event, body, data: parseJson(body) }
}

/** Any will do, as long as it never changes: an event handed over by an older version must be known again. */
const namespace = Buffer.from('6f0c1c5c2c4e4f5b9a3b7d1e8a5f2c60', 'hex')

/**
 * The id under which an engine knows an event: a UUID of version 5, the same on every attempt, and another one each time
 * that somebody has the event done again.
 */
export function jobIdOf(
  { provider, account, subscription, id }: WebhookEvent,
  { replays }: Pick<HandlerContext<never>, 'replays'>,
): string {
  const parts = [provider, account, subscription, id]
  const name = JSON.stringify(replays === 0 ? parts : [...parts, replays])
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
