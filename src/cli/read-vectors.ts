import { GoodfenceError } from '../core/errors.ts'
import { type Vector } from './webhook-vectors.ts'

/** What a place in the file must hold. */
type Shape = 'text' | 'number' | 'flag' | 'list' | 'object'

/** Members of a vector that a verdict cannot do without. */
const members: readonly (readonly [pointer: string, shape: Shape])[] = [
  ['/id', 'text'],
  ['/scheme', 'text'],
  ['/request', 'object'],
  ['/request/method', 'text'],
  ['/request/url', 'text'],
  ['/request/headers', 'list'],
  ['/request/body_base64', 'text'],
  ['/keys', 'list'],
  ['/now', 'number'],
  ['/valid', 'flag'],
]

/** Members that may be left out. */
const optional: readonly (readonly [pointer: string, shape: Shape])[] = [
  ['/description', 'text'],
  ['/config', 'object'],
]

/** What RFC 9110 calls a token: a method, or the name of a header. */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** The vectors of a file. Throws `environment`, which names the first place that is not as it must be. */
export function readVectors(file: unknown, path: string): readonly Vector[] {
  const vectors = at(file, '/vectors')
  if (!Array.isArray(vectors)) throw malformed(path, '/vectors', 'must be a list')
  for (const [index, vector] of vectors.entries()) {
    const fault = faultOf(vector)
    if (fault === undefined) continue
    const id = at(vector, '/id')
    const named = typeof id === 'string' ? ` (vector "${id}")` : ''
    throw malformed(path, `/vectors/${index}${fault.pointer}`, `${fault.must}${named}`)
  }
  return vectors as readonly Vector[]
}

interface Fault {
  readonly pointer: string
  readonly must: string
}

/** The first place of a vector from which no delivery could be made. Without this it would be refused, and that could be what is expected. */
function faultOf(vector: unknown): Fault | undefined {
  for (const [pointer, shape] of members) {
    if (shapeOf(at(vector, pointer)) !== shape) return { pointer, must: `must be ${words[shape]}` }
  }
  for (const [pointer, shape] of optional) {
    const value = at(vector, pointer)
    if (value !== undefined && shapeOf(value) !== shape) return { pointer, must: `must be ${words[shape]}` }
  }
  const { binding, request, keys } = vector as Vector
  if (binding !== 'must' && binding !== 'quirk') return { pointer: '/binding', must: 'must be "must" or "quirk"' }
  if (!token.test(request.method)) return { pointer: '/request/method', must: 'must be a method such as POST' }
  if (!URL.canParse(request.url)) return { pointer: '/request/url', must: 'must be a whole URL' }
  if (Buffer.from(request.body_base64, 'base64').toString('base64') !== request.body_base64)
    return { pointer: '/request/body_base64', must: 'must be base64, with its padding' }
  return headerFaultOf(request.headers) ?? keyFaultOf(keys)
}

function headerFaultOf(headers: readonly unknown[]): Fault | undefined {
  for (const [at, header] of headers.entries()) {
    const pointer = `/request/headers/${at}`
    const pair = Array.isArray(header) && header.length === 2 && header.every((each) => typeof each === 'string')
    if (!pair) return { pointer, must: 'must be a list of a name and a value' }
    const [name, value] = header as [string, string]
    if (!token.test(name)) return { pointer: `${pointer}/0`, must: 'must be the name of a header' }
    // oxlint-disable-next-line no-control-regex -- these are what no header can hold
    if (/[\0\r\n]/.test(value)) return { pointer: `${pointer}/1`, must: 'must be one line without NUL' }
  }
  return undefined
}

function keyFaultOf(keys: readonly unknown[]): Fault | undefined {
  for (const [index, key] of keys.entries()) {
    const pointer = `/keys/${index}`
    if (shapeOf(key) !== 'object') return { pointer, must: 'must be an object' }
    const value = shapeOf(at(key, '/value'))
    if (value !== 'text' && value !== 'object')
      return { pointer: `${pointer}/value`, must: 'must be text or an object' }
    for (const name of ['/id', '/url']) {
      const text = at(key, name)
      if (text !== undefined && typeof text !== 'string') return { pointer: pointer + name, must: 'must be text' }
    }
  }
  return undefined
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
  if (typeof value === 'number' && Number.isFinite(value)) return 'number'
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
