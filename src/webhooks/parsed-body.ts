import { isTooDeep } from './json-depth.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })
const parsed = new WeakMap<Uint8Array, unknown>()

/** Reads JSON from bytes; `undefined` for what is not JSON in UTF-8, or nested deeper than 64 levels. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return isTooDeep(body) ? undefined : JSON.parse(decoder.decode(body))
  } catch {
    return undefined
  }
}

/** Keeps what a body's bytes were parsed to for the next `takeParsed` of the same bytes. */
export function keepParsed(body: Uint8Array, value: unknown): void {
  parsed.set(body, value)
}

/** What the bytes mean, kept or parsed now. Each caller gets an object of its own and may change it. */
export function takeParsed(body: Uint8Array): unknown {
  const value = parsed.get(body)
  if (value === undefined) return parseJson(body)
  parsed.delete(body)
  return value
}

/** The value at a JSON pointer (RFC 6901); `undefined` where there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value
  for (const step of pointerSteps(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}

/** The names along a JSON pointer, without its escapes. */
export function pointerSteps(pointer: string): string[] {
  const steps = pointer.split('/').slice(1)
  return pointer.includes('~') ? steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')) : steps
}
