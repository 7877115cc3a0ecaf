import { checkPrimeSync, createECDH, createPrivateKey, type KeyObject } from 'node:crypto'
import { type Random } from '../core/random.ts'

/** What a seeded key is made for. Nobody should use one for anything but tests: who knows the seed has the key. */
export type KeyKind = 'ed25519' | 'p256' | 'rsa'

/** Makes a private key from a seed, the same one every time. */
export function seededKey(kind: KeyKind, random: Random): KeyObject {
  switch (kind) {
    case 'ed25519':
      // RFC 8410, section 7: the key is any 32 bytes, behind a fixed head.
      return createPrivateKey({
        key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), drawn(random, 32)]),
        format: 'der',
        type: 'pkcs8',
      })
    case 'p256':
      return p256Key(random)
    case 'rsa':
      return rsaKey(random)
  }
}

function p256Key(random: Random): KeyObject {
  const d = drawn(random, 32)
  d[0] = (d[0] as number) & 0x7f // below the order of the curve
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(d)
  const point = pair.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)]
  const key = { kty: 'EC', crv: 'P-256', d: base64url(d), x: base64url(x), y: base64url(y) }
  return createPrivateKey({ key, format: 'jwk' })
}

/** RFC 8017, section 3: two primes and what follows from them. */
function rsaKey(random: Random): KeyObject {
  const e = 65_537n
  const [p, q] = [drawnPrime(random, e), drawnPrime(random, e)]
  const d = inverse(e, (p - 1n) * (q - 1n))
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const members = Object.entries(numbers).map(([name, value]) => [name, base64url(bytesOf(value))])
  return createPrivateKey({ key: { kty: 'RSA', ...Object.fromEntries(members) }, format: 'jwk' })
}

const primeBytes = 128

function drawnPrime(random: Random, e: bigint): bigint {
  const bytes = drawn(random, primeBytes)
  bytes[0] = (bytes[0] as number) | 0xc0 // so that the product has all its bits
  bytes[primeBytes - 1] = (bytes[primeBytes - 1] as number) | 1
  for (let candidate = BigInt(`0x${bytes.toString('hex')}`); ; candidate += 2n) {
    const small = smallPrimes.some((prime) => candidate % prime === 0n)
    if (!small && (candidate - 1n) % e !== 0n && checkPrimeSync(candidate)) return candidate
  }
}

const smallPrimes = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n, 61n, 67n, 71n, 73n]

/** The extended Euclidean algorithm. */
function inverse(a: bigint, modulus: bigint): bigint {
  let [before, now, x, y] = [modulus, a % modulus, 0n, 1n]
  while (now !== 0n) {
    const times = before / now
    ;[before, now, x, y] = [now, before - times * now, y, x - times * y]
  }
  return ((x % modulus) + modulus) % modulus
}

function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function drawn(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
}
