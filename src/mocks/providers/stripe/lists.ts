import { isNode } from '../../../openapi/model.ts'
import { refuse, refuseParameter } from './error.ts'
import { type Kind, type Kinds } from './kinds.ts'
import { type Call, type ListObject, isDeleted, noSuch } from './objects.ts'
import { type Parameters, integerIn, textIn } from './parameters.ts'

export interface ListOptions<T> {
  /** Path of the list, as its page says it. */
  readonly url: string
  /** Query parameters that compare with a field of the same name. */
  readonly equal?: readonly (keyof T & string)[]
  /** What else an object must be. */
  readonly where?: (object: T) => boolean
}

/** One page of a kind's objects, the newest first, as cursor, limit and filters of the request ask for it. */
export function page<K extends Kind>(
  { account, parameters }: Call,
  kind: K,
  options: ListOptions<Kinds[K]>,
): ListObject {
  const { url, equal = [], where } = options
  const collection = account.of(kind)
  const limit = limitOf(parameters)
  const after = textIn(parameters, 'starting_after')
  const before = textIn(parameters, 'ending_before')
  if (after !== undefined && before !== undefined)
    refuse(undefined, 'You cannot parameterize both `starting_after` and `ending_before`.', { param: 'ending_before' })

  const cursor = after ?? before
  const from = cursor === undefined ? undefined : collection.placeOf(cursor)
  if (cursor !== undefined && from === undefined)
    noSuch(kind, cursor, after === undefined ? 'ending_before' : 'starting_after')

  const created = createdFilter(parameters['created'])
  const wanted = equal.flatMap((name) =>
    textIn(parameters, name) === undefined ? [] : [[name, parameters[name]] as const],
  )
  const matches = (object: Kinds[K]) =>
    !isDeleted(object) &&
    created(object['created'] as number) &&
    wanted.every(([name, value]) => object[name] === value) &&
    (where?.(object) ?? true)

  const data: Kinds[K][] = []
  let more = false
  for (const object of collection.walk(from, before !== undefined)) {
    if (!matches(object)) continue
    if (data.length === limit) {
      more = true
      break
    }
    data.push(object)
  }
  if (before !== undefined) data.reverse()
  return { object: 'list', data, has_more: more, url }
}

function limitOf(parameters: Parameters): number {
  const limit = integerIn(parameters, 'limit') ?? 10
  if (limit < 1 || limit > 100) {
    const bound = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'
    refuseParameter('parameter_invalid_integer', `This value must be ${bound}.`, 'limit')
  }
  return limit
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
}

function createdFilter(value: unknown): (created: number) => boolean {
  if (value === undefined || value === '') return () => true
  if (!isNode(value)) return (created) => created === Number(value)
  const bounds = Object.entries(value).map(([name, bound]) => {
    const compare =
      comparisons[name] ??
      refuseParameter('parameter_unknown', `Received unknown parameter: created[${name}]`, `created[${name}]`)
    return (created: number) => compare(created, Number(bound))
  })
  return (created) => bounds.every((bound) => bound(created))
}
