import { createHash, timingSafeEqual } from 'node:crypto'

/** Longer than any digest as text. */
const scratchLength = 256

/** Used within one call and never across two, so that comparing allocates nothing. */
const givenBytes = Buffer.alloc(scratchLength)
const expectedBytes = Buffer.alloc(scratchLength)

/**
 * Compares what was sent with what is right in a time that does not depend on where they differ. The length of what is
 * right is known to everybody, so it may show.
 */
export function sameText(given: string, expected: string): boolean {
  if (given.length !== expected.length || expected.length > scratchLength) return false
  // What is right is ASCII: a character beyond that cannot be, though its low byte could.
  if (givenBytes.write(given, 0, 'utf8') !== expected.length) return false
  expectedBytes.write(expected, 0, 'latin1')
  return timingSafeEqual(givenBytes.subarray(0, expected.length), expectedBytes.subarray(0, expected.length))
}

/** The same for two texts of which not even the length may show. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
