import { type Random, randomToken } from '../../core/random.ts'
import { type Delivery } from '../../webhooks/delivery.ts'
import { type Strike, type StrikeTools } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Forge {
  readonly kind: 'forge'
  /**
   * What the attacker puts where the signature belongs: one made with a secret of its own, no header at
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

function forged(genuine: Delivery, signature: NonNullable<Forge['signature']>, type: string, tools: StrikeTools) {
  const { event, body } = plausible(genuine, type, tools.random)
  const delivery: Delivery = {
    ...genuine,
    id: `${genuine.id}-forged`,
    event,
    type,
    body,
    sealed: true,
    genuine: false,
    // What else befalls the genuine delivery is nothing to the attacker.
    lost: false,
    behindNext: false,
    note: noted(genuine, `forged, signature ${signature}`),
  }
  const headers = tools.sign(delivery, `whsec_${randomToken(tools.random, 32)}`)
  return { ...delivery, headers: spoilt(headers, signature) }
}

function spoilt(headers: Readonly<Record<string, string>>, signature: NonNullable<Forge['signature']>) {
  if (signature === 'missing') return {}
  if (signature === 'wrong-secret') return headers
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name, signature === 'empty' ? '' : value.slice(0, -1)]))
}

/** The genuine event under another id and, where the attacker claims another type, with the status of that type. */
function plausible(genuine: Delivery, type: string, random: Random) {
  const fallback = { event: `${genuine.event}_forged`, body: genuine.body }
  let json: Record<string, unknown>
  try {
    json = JSON.parse(new TextDecoder().decode(genuine.body)) as Record<string, unknown>
  } catch {
    return fallback
  }
  if (typeof json !== 'object' || json === null || typeof json['id'] !== 'string') return fallback
  const event = otherId(json['id'], random)
  const forgery = { ...json, id: event, type, ...(type === genuine.type ? {} : claimed(json['data'], type)) }
  return { event, body: new TextEncoder().encode(JSON.stringify(forgery)) }
}

/** An id of the same shape: the part up to the last underscore is kept. */
function otherId(id: string, random: Random): string {
  const prefix = id.slice(0, id.lastIndexOf('_') + 1)
  return prefix + randomToken(random, id.length - prefix.length)
}

/** The object as it would be if the claimed type were true: `payment_intent.succeeded` has status `succeeded`. */
function claimed(data: unknown, type: string): { data?: unknown } {
  const object = (data as { object?: Record<string, unknown> } | undefined)?.object
  if (typeof object?.['status'] !== 'string') return {}
  const status = type.slice(type.lastIndexOf('.') + 1)
  const received = typeof object['amount_received'] === 'number' ? { amount_received: object['amount'] } : {}
  return { data: { ...(data as object), object: { ...object, status, ...received } } }
}
