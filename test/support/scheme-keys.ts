import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { type Scheme } from '../../src/providers/scheme.ts'
import { makeCertificate } from '../../src/webhooks/make-certificate.ts'
import { ecdsaKeys, ed25519Keys } from './peers/key-pairs.ts'
import { same, type Keys } from './peers/peer.ts'

const text = fc.stringMatching(/^[0-9A-Za-z_-]{16,40}$/)
const bytes = fc.uint8Array({ minLength: 24, maxLength: 32 }).map((key) => Buffer.from(key))

/** When the certificates are good. */
const validity = { notBeforeMs: Date.parse('2000-01-01'), notAfterMs: Date.parse('2049-01-01') }

type Form = Scheme['key']['form']

/** Keys in the form in which the provider issues them. */
export function keysOf(scheme: Scheme): fc.Arbitrary<Keys> {
  return pairs[scheme.key.form]?.(scheme) ?? same(secretsOf(scheme))
}

const pairs: Partial<Record<Form, (scheme: Scheme) => fc.Arbitrary<Keys>>> = {
  'spki-base64': () => ecdsaKeys,
  'raw-hex': () => ed25519Keys('hex'),
  'raw-base64': () => ed25519Keys('base64'),
  'x509-url': () => few(certified),
  'jwks-by-kid': ({ token }) => few((at) => webKey(`key-${at}`, token?.algorithms.includes('ES256') === true)),
  'root-certificates': ({ token }) =>
    few(() => chained(token?.chain?.leafOid ?? '', token?.chain?.intermediateOid ?? '')),
}

function secretsOf({ key }: Scheme): fc.Arbitrary<string> {
  const { form, length, prefix = '', id, ids } = key
  const sized = length === undefined ? text : fc.stringMatching(new RegExp(`^[0-9a-zA-Z]{${length}}$`))
  const plain = secrets[form]?.(prefix) ?? sized.map((secret) => prefix + secret)
  const withId = fc.tuple(ids === undefined ? text : fc.constantFrom(...ids), plain).map((parts) => parts.join(':'))
  if (id === 'required') return withId
  return id === 'optional' ? fc.oneof(plain, withId) : plain
}

const base64 = (prefix: string) => bytes.map((each) => prefix + each.toString('base64'))

const secrets: Partial<Record<Form, (prefix: string) => fc.Arbitrary<string>>> = {
  base64,
  'base64-if-prefixed': (prefix) => fc.oneof(base64(prefix), text),
  hex: () => bytes.map((each) => each.toString('hex')),
  'nfkd-utf8': () => fc.tuple(text, fc.constantFrom('', 'é', 'ﬁ', 'Å')).map((parts) => parts.join('')),
  'user-and-password': () => fc.tuple(text, text).map((parts) => parts.join(':')),
  none: () => fc.constant(''),
}

/** A few pairs, since making one costs more than a verification. */
function few(make: (at: number) => Keys): fc.Arbitrary<Keys> {
  return fc.constantFrom(...Array.from({ length: 3 }, (_, at) => make(at)))
}

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

function certified(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = 'provider.test'
  return {
    signing: pem(privateKey),
    held: makeCertificate({ name, publicKey, issuer: { name, privateKey }, ...validity }),
  }
}

function webKey(kid: string, isEllipticCurve: boolean): Keys {
  const { privateKey, publicKey } = isEllipticCurve
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const json = (key: KeyObject) => JSON.stringify({ ...key.export({ format: 'jwk' }), kid })
  return { signing: json(privateKey), held: json(publicKey) }
}

function chained(leafMarker: string, intermediateMarker: string): Keys {
  const [root, middle, leaf] = [1, 2, 3].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  if (root === undefined || middle === undefined || leaf === undefined) throw new Error('three pairs are made')
  const by = {
    root: { name: 'root', privateKey: root.privateKey },
    middle: { name: 'middle', privateKey: middle.privateKey },
  }
  const held = makeCertificate({ name: 'root', publicKey: root.publicKey, issuer: by.root, ...validity })
  const between = makeCertificate({
    name: 'middle',
    publicKey: middle.publicKey,
    issuer: by.root,
    markers: [intermediateMarker],
    ...validity,
  })
  const own = makeCertificate({
    name: 'leaf',
    publicKey: leaf.publicKey,
    issuer: by.middle,
    isAuthority: false,
    markers: [leafMarker],
    ...validity,
  })
  return { signing: [pem(leaf.privateKey), own, between, held].join(''), held }
}
