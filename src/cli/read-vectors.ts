import { GoodfenceError } from '../core/errors.ts'
import { type Vector } from './webhook-vectors.ts'

/** What a place in the file must hold. */
type Shape = 'text' | 'number' | 'flag' | 'list' | 'object'

/** Members of a vector that a verdict cannot do without. */
const members: readonly (readonly [pointer: string, shape: Shape])[] = [
  ['/id', 'text'],
  ['/scheme', 'text'],
  ['/request', 'object'],
  ['/request/headers', 'list'],
  ['/request/body_base64', 'text'],
  ['/keys', 'list'],
  ['/now', 'number'],
  ['/valid', 'flag'],
]

/** The vectors of a file. Throws `environment`, which names the first place that is not as it must be. */
export function readVectors(file: unknown, path: string): readonly Vector[] {
  const vectors = at(file, '/vectors')
  if (!Array.isArray(vectors)) throw malformed(path, '/vectors', 'must be a list')
  for (const [index, vector] of vectors.entries()) {
    const place = `/vectors/${index}`
    for (const [pointer, shape] of members) {
      if (shapeOf(at(vector, pointer)) !== shape) throw malformed(path, place + pointer, `must be ${words[shape]}`)
    }
    const { binding, request, keys } = vector as Vector
    if (binding !== 'must' && binding !== 'quirk')
      throw malformed(path, `${place}/binding`, 'must be "must" or "quirk"')
    for (const [at, header] of (request.headers as readonly unknown[]).entries()) {
      const pair = Array.isArray(header) && header.length === 2 && header.every((each) => typeof each === 'string')
      if (!pair) throw malformed(path, `${place}/request/headers/${at}`, 'must be a list of a name and a value')
    }
    for (const [at, key] of (keys as readonly unknown[]).entries()) {
      if (shapeOf(key) !== 'object') throw malformed(path, `${place}/keys/${at}`, 'must be an object')
    }
  }
  return vectors as readonly Vector[]
}

const words: Readonly<Record<Shape, string>> = {
  text: 'text',
  number: 'a number',
  flag: 'true or false',
  list: 'a list',
  object: 'an object',
}

function shapeOf(value: unknown): Shape | undefined {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'flag'
  return typeof value === 'object' && value !== null ? 'object' : undefined
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    )
}

function malformed(path: string, pointer: string, must: string): GoodfenceError<'environment'> {
  return new GoodfenceError('environment', `The file of vectors ${path} cannot be used: ${pointer} ${must}.`, {
    mend: `mend ${pointer}`,
  })
}
