/** Writes a JSON pointer (RFC 6901) from its segments. */
export function pointerOf(...segments: readonly (string | number)[]): string {
  let pointer = ''
  for (const segment of segments) pointer += `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`
  return pointer
}

/** The segments of a JSON pointer, which may be written as a URI fragment (`#/a/b%20c`). */
export function segmentsOf(pointer: string): string[] {
  const text = pointer.startsWith('#') ? decoded(pointer.slice(1)) : pointer
  if (text === '') return []
  return text
    .slice(1)
    .split('/')
    .map((segment) => (segment.includes('~') ? segment.replaceAll('~1', '/').replaceAll('~0', '~') : segment))
}

/** Reads the child of a value that a segment names, or `undefined`. Never looks at prototypes. */
export function childOf(value: unknown, segment: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
  return (value as Record<string, unknown>)[segment]
}

/** Percent-decodes what can be decoded and leaves the rest as it was written. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
