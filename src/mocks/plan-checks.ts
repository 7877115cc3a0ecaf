import { didYouMean, nearestOf } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type FaultKind, type FieldFacts, type KindFacts, faultKinds } from './fault-kinds.ts'
import { type FaultTrigger } from './plan.ts'
import { isSent, spellings } from './plan-events.ts'
import { type PlanNames } from './plan-names.ts'

/** Where in which plan a value stands. */
export interface Place {
  readonly path: string
  readonly pointer: string
  readonly names: PlanNames
}

function below(place: Place, name: string): Place {
  return { ...place, pointer: `${place.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` }
}

/** The refusal of what stands at a place. `problem` completes the sentence that the place begins. */
export function refusal({ path, pointer }: Place, problem: string): GoodfenceError {
  const where = pointer === '' ? 'the plan' : pointer
  return new GoodfenceError('plan_invalid', `${path}: ${where} ${problem}`, { path, pointer })
}

/** Checks one rule of a plan. Throws `plan_invalid`. */
export function checkRule(value: unknown, place: Place): void {
  const rule = objectAt(value, place)
  refuseUnknown(rule, ['on', 'fault'], 'a rule', place)
  const faultPlace = below(place, 'fault')
  if (rule['fault'] === undefined) throw refusal(faultPlace, 'is missing. Give { "kind": ... }.')
  const kind = checkFault(objectAt(rule['fault'], faultPlace), faultPlace)
  if (rule['on'] !== undefined) checkTrigger(rule['on'], kind, below(place, 'on'))
}

function checkFault(fault: Record<string, unknown>, place: Place): FaultKind {
  const { kind } = fault
  const kinds = Object.keys(faultKinds)
  if (kind === undefined) throw refusal(below(place, 'kind'), `is missing. Known: ${kinds.join(', ')}.`)
  if (typeof kind !== 'string') throw refusal(below(place, 'kind'), `is ${show(kind)}. Known: ${kinds.join(', ')}.`)
  if (!Object.hasOwn(faultKinds, kind)) {
    throw refusal(below(place, 'kind'), `is ${show(kind)}, which is no kind of fault.${didYouMean(kind, kinds)}`)
  }
  const facts: KindFacts = faultKinds[kind as FaultKind]
  refuseUnknown(fault, ['kind', ...Object.keys(facts.fields)], `"${kind}"`, place)
  for (const [name, field] of Object.entries(facts.fields)) {
    const value = fault[name]
    if (value === undefined && field.required !== true) continue
    const expected = fits(field, value)
    if (expected === undefined) continue
    throw refusal(below(place, name), `is ${value === undefined ? 'missing' : show(value)}. Give ${expected}.`)
  }
  if (fault['as'] !== undefined && typeof fault['retryAfter'] !== 'number') {
    throw refusal(below(place, 'as'), 'says how seconds are written. Give "retryAfter" in seconds, or leave "as" out.')
  }
  return kind as FaultKind
}

/** What a field takes, when `value` is something else. */
function fits(field: FieldFacts, value: unknown): string | undefined {
  switch (field.type) {
    case 'integer':
    case 'number':
      return fitsNumber(field, value)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false'
    case 'choice':
      if (field.values.includes(value as string)) return undefined
      return `one of ${field.values.map((choice) => `"${choice}"`).join(', ')}`
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty'
    case 'seconds-or-date': {
      const seconds = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= field.max
      if (seconds || (typeof value === 'string' && httpDate.test(value))) return undefined
      return `whole seconds from 0 to ${field.max}, or a date such as "Sun, 06 Nov 1994 08:49:37 GMT"`
    }
  }
}

/** RFC 9110 section 5.6.7, the form that senders must use. */
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

type NumberFacts = Extract<FieldFacts, { type: 'integer' | 'number' }>

function fitsNumber({ type, min, max, not }: NumberFacts, value: unknown): string | undefined {
  const number = typeof value === 'number' && (type === 'integer' ? Number.isInteger(value) : Number.isFinite(value))
  if (number && value >= min && value <= max && not?.includes(value) !== true) return undefined
  const except = not === undefined ? '' : `, but not ${not.join(', ')}`
  return `a ${type === 'integer' ? 'whole number' : 'number'} from ${min} to ${max}${except}`
}

const triggerFields = ['operation', 'event', 'nth', 'fromMs', 'untilMs', 'probability', 'tenant']

function checkTrigger(value: unknown, kind: FaultKind, place: Place): void {
  const on = objectAt(value, place)
  refuseUnknown(on, triggerFields, '"on"', place)
  const delivery = faultKinds[kind].strikes === 'delivery'
  const misplaced = delivery ? 'operation' : 'event'
  if (on[misplaced] !== undefined) {
    throw refusal(
      below(place, misplaced),
      delivery
        ? `stands beside "${kind}", which strikes webhook deliveries. Say "event" instead.`
        : `stands beside "${kind}", which strikes API calls. Say "operation" instead.`,
    )
  }
  checkName(on, 'operation', place, checkOperation)
  checkName(on, 'event', place, checkEvent)
  checkName(on, 'tenant', place)
  checkNth(on['nth'], below(place, 'nth'))
  for (const name of ['fromMs', 'untilMs']) checkNumber(on[name], 0, Number.MAX_SAFE_INTEGER, below(place, name))
  checkNumber(on['probability'], 0, 1, below(place, 'probability'))
  const { fromMs, untilMs } = on as FaultTrigger
  if (fromMs !== undefined && untilMs !== undefined && untilMs <= fromMs) {
    throw refusal(below(place, 'untilMs'), `is ${untilMs}, and "fromMs" is ${fromMs}: it never strikes. Give more.`)
  }
}

function checkName(
  on: Record<string, unknown>,
  name: string,
  place: Place,
  check?: (value: string, place: Place) => void,
): void {
  const value = on[name]
  if (value === undefined) return
  if (typeof value !== 'string' || value === '') {
    throw refusal(below(place, name), `is ${show(value)}. Give a text that is not empty.`)
  }
  check?.(value, below(place, name))
}

function checkOperation(name: string, place: Place): void {
  const { operations } = place.names
  const [method = '', template, ...rest] = name.split(' ')
  const wellFormed =
    template === undefined || (/^[A-Z]+$/.test(method) && template.startsWith('/') && rest.length === 0)
  if (!wellFormed) {
    throw refusal(place, `is ${show(name)}. Give an operationId, or method and path as in "POST /v1/refunds".`)
  }
  if (operations === undefined || operations.includes(name)) return
  throw refusal(place, `is ${show(name)}, which the document does not have.${nearest(name, operations)}`)
}

function checkEvent(pattern: string, place: Place): void {
  const { events } = place.names
  if (/\s/.test(pattern)) throw refusal(place, `is ${show(pattern)}. Give a type without spaces, * for any part.`)
  if (events === undefined || isSent(pattern, events)) return
  const problem = pattern.includes('*') ? 'which no event of the provider matches' : 'which the provider does not send'
  throw refusal(place, `is ${show(pattern)}, ${problem}.${nearest(pattern, spellings(pattern, events))}`)
}

/** As `didYouMean`, with the nearest instead of hundreds of names when none is near. */
function nearest(name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known)
  if (hint.startsWith(' Did') || known.length <= 20) return hint
  return ` The nearest of ${known.length} is "${nearestOf(name, known)?.known}".`
}

function checkNth(nth: unknown, place: Place): void {
  if (nth === undefined) return
  const mend = 'Give a list of whole numbers from 1, such as [1].'
  if (!Array.isArray(nth) || nth.length === 0) throw refusal(place, `is ${show(nth)}. ${mend}`)
  nth.forEach((value, index) => {
    if (!Number.isSafeInteger(value) || value < 1) throw refusal(below(place, `${index}`), `is ${show(value)}. ${mend}`)
  })
}

function checkNumber(value: unknown, min: number, max: number, place: Place): void {
  if (value === undefined) return
  if (typeof value === 'number' && value >= min && value <= max) return
  throw refusal(place, `is ${show(value)}. Give a number ${max === 1 ? 'from 0 to 1' : `of at least ${min}`}.`)
}

/** The value as an object. Throws `plan_invalid` when it is none. */
export function objectAt(value: unknown, place: Place): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw refusal(place, `is ${show(value)}. Give an object.`)
}

/** Refuses fields that `owner` does not have, with the nearest that it has. */
export function refuseUnknown(object: object, known: readonly string[], owner: string, place: Place): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue
    throw refusal(below(place, name), `is not a field of ${owner}.${didYouMean(name, known)}`)
  }
}

/** A value for a message, short whatever it is. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
