const decoder = new TextDecoder('utf-8', { fatal: true })
const parsed = new WeakMap<Uint8Array, unknown>()

/** Reads JSON from bytes; `undefined` for what is not JSON in UTF-8. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
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
  for (const step of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined
    const name = step.includes('~') ? step.replaceAll('~1', '/').replaceAll('~0', '~') : step
    if (!Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}
