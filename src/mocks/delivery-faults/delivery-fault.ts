import { type Random } from '../../core/random.ts'
import { type Delivery, type DeliveryTools } from '../../webhooks/delivery.ts'
import { type Burst, burst } from './burst.ts'
import { type Delay, delay } from './delay.ts'
import { type Drop, drop } from './drop.ts'
import { type Duplicate, duplicate } from './duplicate.ts'
import { type Early, early } from './early.ts'
import { type Forge, forge } from './forge.ts'
import { type OtherApiVersion, otherApiVersion } from './other-api-version.ts'
import { type Reorder, reorder } from './reorder.ts'
import { type Replay, replay } from './replay.ts'
import { type RotatedSecret, rotatedSecret } from './rotated-secret.ts'
import { type SameIdOtherBytes, sameIdOtherBytes } from './same-id-other-bytes.ts'
import { type Tamper, tamper } from './tamper.ts'
import { type UnknownEventType, unknownEventType } from './unknown-event-type.ts'
import { type WrongSecret, wrongSecret } from './wrong-secret.ts'

/** One way in which a webhook delivery goes wrong, as plain data. */
export type DeliveryFault =
  | Duplicate
  | Reorder
  | Delay
  | Drop
  | Tamper
  | Forge
  | Replay
  | Early
  | WrongSecret
  | RotatedSecret
  | Burst
  | UnknownEventType
  | OtherApiVersion
  | SameIdOtherBytes

/** What the outbox and the plan lend delivery faults. */
export interface StrikeTools extends DeliveryTools {
  /** Chance of this one rule, from the plan's seed. */
  readonly random: Random
}

/**
 * Turns one delivery into those that will be sent in its place. It changes nothing that it is given and
 * keeps the delivery's own id on one of them, unless that never is.
 */
export type Strike<Kind> = (fault: Kind, tools: StrikeTools) => (delivery: Delivery) => readonly Delivery[]

/** Lets any delivery fault strike one delivery. */
export function strike(fault: DeliveryFault, tools: StrikeTools): (delivery: Delivery) => readonly Delivery[] {
  switch (fault.kind) {
    case 'duplicate':
      return duplicate(fault, tools)
    case 'reorder':
      return reorder(fault, tools)
    case 'delay':
      return delay(fault, tools)
    case 'drop':
      return drop(fault, tools)
    case 'tamper':
      return tamper(fault, tools)
    case 'forge':
      return forge(fault, tools)
    case 'replay':
      return replay(fault, tools)
    case 'early':
      return early(fault, tools)
    case 'wrong-secret':
      return wrongSecret(fault, tools)
    case 'rotated-secret':
      return rotatedSecret(fault, tools)
    case 'burst':
      return burst(fault, tools)
    case 'unknown-event-type':
      return unknownEventType(fault, tools)
    case 'other-api-version':
      return otherApiVersion(fault, tools)
    case 'same-id-other-bytes':
      return sameIdOtherBytes(fault, tools)
  }
}
