import { isDeliveryFault } from './fault-kinds.ts'
import { type DeliveryFault } from './delivery-faults/delivery-fault.ts'
import { type Fault } from './faults/fault.ts'
import { type FaultRule, type FaultTrigger } from './plan.ts'

/**
 * A rule as a sentence for reports, without its full stop.
 *
 * @example
 * describeFault({ on: { operation: 'POST /v1/refunds', nth: [1] }, fault: { kind: 'lost-reply' } })
 * // 'the reply to the first POST /v1/refunds is lost'
 */
export function describeFault({ on = {}, fault }: FaultRule): string {
  const sentence = isDeliveryFault(fault)
    ? ofDelivery(fault, counted(on.nth, `delivery of ${eventName(on.event)}`, 'every'))
    : ofExchange(fault, counted(on.nth, on.operation ?? 'request', 'every'))
  return sentence + conditions(on)
}

function ofExchange(fault: Fault, subject: string): string {
  switch (fault.kind) {
    case 'latency':
      return ofLatency(fault, subject)
    case 'hang':
      return `${subject} gets no answer at all`
    case 'reset':
      return `the connection of ${subject} is reset before the provider acts`
    case 'lost-reply':
      return `the reply to ${subject} is lost`
    case 'truncated-body':
      return `the answer to ${subject} is cut off ${fault.afterBytes === undefined ? 'half way' : `after ${fault.afterBytes} bytes`}`
    case 'malformed-json':
      return `the answer to ${subject} is not JSON`
    case 'html-error':
      return `${subject} gets a page of HTML with ${fault.status ?? 502}`
    case 'status':
      return `${subject} is refused with ${fault.status ?? 500}${fault.code === undefined ? '' : ` (${fault.code})`}${fault.stored === true ? ', which the provider remembers' : ''}`
    case 'rate-limit':
      return `${subject} is refused with 429 ${retryAfter(fault.retryAfter)}`
    case 'drip':
      return `the answer to ${subject} comes at ${fault.bytesPerSecond} bytes a second`
  }
}

function ofLatency({ delayMs, jitterMs = 0, at = 'before' }: Extract<Fault, { kind: 'latency' }>, subject: string) {
  const time = jitterMs === 0 ? duration(delayMs) : `${duration(delayMs)} ± ${duration(jitterMs)}`
  switch (at) {
    case 'before':
      return `${subject} reaches the provider ${time} late`
    case 'during':
      return `the provider works ${time} on ${subject}`
    case 'after':
      return `${subject} is carried out and answered ${time} late`
  }
}

function retryAfter(value: number | string | undefined): string {
  if (value === undefined) return 'without Retry-After'
  return `and Retry-After ${typeof value === 'number' ? `of ${duration(value * 1_000)}` : value}`
}

function ofDelivery(fault: DeliveryFault, subject: string): string {
  switch (fault.kind) {
    case 'duplicate':
      return `${subject} arrives ${(fault.copies ?? 2) === 2 ? 'twice' : `${fault.copies} times`} at once`
    case 'reorder':
      return `${subject} arrives after that of the next event`
    case 'delay':
      return `${subject} comes ${duration(fault.delayMs)} late`
    case 'drop':
      return `${subject} is lost`
    case 'tamper':
      return `${subject} is changed on its way`
    case 'forge':
      return `an attacker forges ${fault.type === undefined ? 'an event' : `a ${fault.type}`} beside ${subject}${forgedHow(fault.signature)}`
    case 'replay':
      return `an attacker repeats ${subject} after ${duration(fault.afterMs ?? 3_600_000)}`
    case 'early':
      return `${subject} arrives before the call that caused it is answered`
    case 'wrong-secret':
      return `${subject} is signed with another secret`
    case 'rotated-secret':
      return `${subject} is signed with a new secret and the old one`
    case 'burst':
      return `${subject} comes together with all others of ${duration(fault.everyMs ?? 60_000)}`
    case 'unknown-event-type':
      return `an event of ${fault.type === undefined ? 'an unknown type' : `the unknown type ${fault.type}`} comes ahead of ${subject}`
    case 'other-api-version':
      return `${subject} is written for ${fault.version === undefined ? 'another version' : `version ${fault.version}`} of the API`
    case 'same-id-other-bytes':
      return `${subject} comes again in other bytes after ${duration(fault.afterMs ?? 1_000)}`
  }
}

function forgedHow(signature: string | undefined): string {
  if (signature === undefined || signature === 'wrong-secret') return ''
  return signature === 'missing' ? ', unsigned' : `, with ${signature === 'empty' ? 'an empty' : 'a short'} signature`
}

function eventName(pattern: string | undefined): string {
  return pattern === undefined || pattern === '*' ? 'an event' : pattern
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return ordinals[n - 1] ?? `${n}${suffix}`
}

function counted(nth: readonly number[] | undefined, noun: string, all: string): string {
  if (nth === undefined) return `${all} ${noun}`
  const words = nth.map(ordinal)
  const last = words.at(-1) as string
  return `the ${words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`} ${noun}`
}

function conditions({ fromMs, untilMs, probability, tenant }: FaultTrigger): string {
  const parts: string[] = []
  if (tenant !== undefined) parts.push(`of tenant ${tenant}`)
  if (fromMs !== undefined && fromMs > 0) parts.push(`from ${duration(fromMs)} on`)
  if (untilMs !== undefined) parts.push(`until ${duration(untilMs)}`)
  if (probability !== undefined && probability < 1) parts.push(`with probability ${probability}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** Milliseconds in the largest unit that divides them. */
function duration(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`
  return ms >= 1_000 && ms % 100 === 0 ? `${ms / 1_000} s` : `${ms} ms`
}
