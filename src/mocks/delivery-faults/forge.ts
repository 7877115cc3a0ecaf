import { type Random } from '../../core/random.ts'
import { type Delivery } from '../../webhooks/delivery.ts'
import { otherId } from '../../webhooks/other-id.ts'
import { type Strike, type StrikeTools } from './delivery-fault.ts'
import { isObject, readJson, writeJson } from './json-body.ts'
import { noted } from './marks.ts'
import { spoilt } from './spoilt.ts'

export interface Forge {
  readonly kind: 'forge'
  /**
   * What the attacker puts where the signature belongs: one made with a secret of its own, nothing at
   * all, an empty one, or one cut short by a character. @default 'wrong-secret'
   */
  readonly signature?: 'wrong-secret' | 'missing' | 'empty' | 'short'
  /** The event type that the attacker claims. @default that of the delivery it comes with */
  readonly type?: string
}

/** Sends an attacker's delivery ahead of the genuine one: a new event with a plausible body. */
export const forge: Strike<Forge> =
  ({ signature = 'wrong-secret', type }, tools) =>
  (delivery) => [forged(delivery, signature, type ?? delivery.type, tools), delivery]

function forged(
  genuine: Delivery,
  signature: NonNullable<Forge['signature']>,
  type: string,
  tools: StrikeTools,
): Delivery {
  const plain: Delivery = {
    ...plausible(genuine, type, tools),
    id: `${genuine.id}-forged`,
    sealed: true,
    genuine: false,
    // What else befalls the genuine delivery is nothing to the attacker.
    lost: false,
    behindNext: false,
    note: noted(genuine, `forged, signature ${signature}`),
  }
  const signed = tools.sign(plain, [tools.otherSecret(tools.random)])
  return { ...plain, ...(signature === 'wrong-secret' ? signed : spoilt(plain, signed, spoils[signature])) }
}

const spoils = {
  missing: () => undefined,
  empty: () => '',
  short: (value: string) => value.slice(0, -1),
}

/** The genuine event under another id and, where the attacker claims another type, with the status of that type. */
function plausible(genuine: Delivery, type: string, { rewrite, random }: StrikeTools): Delivery {
  const written = rewrite(genuine, { id: idOf(genuine, random), ...(type === genuine.type ? {} : { type }) })
  const json = readJson(written.body)
  if (type === genuine.type || !isObject(json)) return { ...written, type }
  return { ...written, type, body: writeJson({ ...json, ...claimed(json['data'], type) }) }
}

function idOf({ event }: Delivery, random: Random): string {
  const id = otherId(event, random)
  return id === event ? `${event}_forged` : id
}

/** The object as it would be if the claimed type were true: `payment_intent.succeeded` has status `succeeded`. */
function claimed(data: unknown, type: string): { data?: unknown } {
  const object = isObject(data) ? data['object'] : undefined
  if (!isObject(object) || typeof object['status'] !== 'string') return {}
  const status = type.slice(type.lastIndexOf('.') + 1)
  const received = typeof object['amount_received'] === 'number' ? { amount_received: object['amount'] } : {}
  return { data: { ...(data as object), object: { ...object, status, ...received } } }
}
