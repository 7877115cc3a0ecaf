/** Draws a number in [0, 1). */
export type Random = () => number

/** Chance that nobody can predict, for production. */
export const systemRandom: Random = () => {
  if (drawn === pool.length) {
    crypto.getRandomValues(pool)
    drawn = 0
  }
  return (pool[drawn++] as number) / 2 ** 32
}
const pool = new Uint32Array(256)
let drawn = pool.length

/**
 * Chance that repeats: the same seed and name give the same draws on every machine.
 *
 * Give each user of chance a name of its own, so that one more draw here changes nothing there.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through FNV-1a.
 */
export function seededRandom(seed: number | string, name = ''): Random {
  let hash = 0x811c9dc5
  for (const char of `${seed}\0${name}`) hash = Math.imul(hash ^ (char.codePointAt(0) as number), 0x01000193)
  let a = hash | 0
  let b = Math.imul(hash, 0x9e3779b1) | 0
  let c = (hash ^ 0x5bf03635) | 0
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) next() // sfc32 needs twelve rounds before all state bits depend on the seed
  return next
}

/** A whole number from 0 up to, but without, `below`. */
export function randomInt(random: Random, below: number): number {
  return Math.floor(random() * below)
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A token of `length` letters and digits, for ids and mock secrets. */
export function randomToken(random: Random, length: number, alphabet = alphanumeric): string {
  let token = ''
  for (let i = 0; i < length; i++) token += alphabet[randomInt(random, alphabet.length)]
  return token
}

/** A version 4 UUID (RFC 9562 section 5.4) drawn from `random`. */
export function randomUuid(random: Random): string {
  const hex = randomToken(random, 32, '0123456789abcdef')
  const variant = '89ab'[randomInt(random, 4)]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
