import { createHash, timingSafeEqual } from 'node:crypto'

/** Longer than any digest as text. */
const maxLength = 256

/** Bytes to compare, by their number: used within one call, never across two, so that comparing allocates nothing. */
const scratch: (readonly [given: Buffer, expected: Buffer] | undefined)[] = []

/**
 * Compares what was sent with what is right in a time that does not depend on where they differ. The length of what is
 * right is known to everybody, so it may show.
 */
export function sameText(given: string, expected: string): boolean {
  const { length } = expected
  if (given.length !== length || length > maxLength) return false
  const [givenBytes, expectedBytes] = (scratch[length] ??= [Buffer.alloc(length), Buffer.alloc(length)])
  // What is right is ASCII. Text that is not either does not fit or has bytes that are not.
  if (givenBytes.write(given, 0, 'utf8') !== length) return false
  expectedBytes.write(expected, 0, 'latin1')
  return timingSafeEqual(givenBytes, expectedBytes)
}

/** The same for two texts of which not even the length may show. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
