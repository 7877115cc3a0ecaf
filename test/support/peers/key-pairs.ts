import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { type Keys } from './peer.ts'

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A few pairs, since making one costs more than a verification. */
function few(make: () => Keys): fc.Arbitrary<Keys> {
  return fc.constantFrom(...Array.from({ length: 4 }, make))
}

/** Pairs whose public half is issued as its 32 bytes in hex or base64. */
export function ed25519Keys(encoding: 'hex' | 'base64'): fc.Arbitrary<Keys> {
  return few(() => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
    return { signing: pem(privateKey), held: raw.toString(encoding) }
  })
}

/** Pairs on P-256 whose public half is issued as DER in base64. */
export const ecdsaKeys: fc.Arbitrary<Keys> = few(() => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { signing: pem(privateKey), held: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }
})
