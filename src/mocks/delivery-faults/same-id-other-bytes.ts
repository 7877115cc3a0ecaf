import { type Strike } from './delivery-fault.ts'
import { readJson } from './json-body.ts'
import { noted } from './marks.ts'

export interface SameIdOtherBytes {
  readonly kind: 'same-id-other-bytes'
  /** How long after the original the other bytes come. @default 1,000 */
  readonly afterMs?: number
}

/** Sends the event once more under its id, written differently: whoever knows events by their bytes takes it for a new one. */
export const sameIdOtherBytes: Strike<SameIdOtherBytes> =
  ({ afterMs = 1_000 }) =>
  (delivery) => [
    delivery,
    {
      ...delivery,
      id: `${delivery.id}-rewritten`,
      dueAtMs: delivery.dueAtMs + afterMs,
      body: delivery.sealed === true ? delivery.body : writtenDifferently(delivery.body),
      lost: false,
      behindNext: false,
      note: noted(delivery, 'the same id with other bytes'),
    },
  ]

/** The same meaning: a form with a field more that nobody asks for, anything else with a line's end after it; of several parts, before it. */
function writtenDifferently(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(body)
  if (text.startsWith('--')) return new TextEncoder().encode(`\r\n${text}`)
  const isForm = readJson(body) === undefined && /^[^\s=&<>]+=/.test(text)
  return Uint8Array.from([...body, ...new TextEncoder().encode(isForm ? '&redelivered=1' : '\n')])
}
