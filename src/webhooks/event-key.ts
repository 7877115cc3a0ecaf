import { hash } from 'node:crypto'
import { type EventKey } from './inbox.ts'

/** A key as one text. Lengths keep the parts apart: an id may hold any separator. */
export function textOfKey({ provider, account, subscription, eventId }: EventKey): string {
  return `${provider.length}:${provider}${account.length}:${account}${subscription.length}:${subscription}${eventId}`
}

/** What is left of a key once all else of its event was forgotten: 43 characters that tell nobody whose it was. */
export function hashOfKey(key: EventKey): string {
  return hash('sha256', textOfKey(key), 'base64url')
}
