import { hash } from 'node:crypto'

/** An id made from the bytes, for an event that brings none that we can read: the same bytes are the same event. */
export function weakId(body: Uint8Array): string {
  return `sha256:${hash('sha256', body)}`
}
