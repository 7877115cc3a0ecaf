import { sign, type KeyObject } from 'node:crypto'

export interface CertificateOptions {
  readonly name: string
  readonly publicKey: KeyObject
  /** Who signs it. @default itself, with `issuer.privateKey` */
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject }
  /** @default true */
  readonly isAuthority?: boolean
  /** Object ids of extensions that mark it, such as Apple's. */
  readonly markers?: readonly string[]
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** An X.509 certificate (RFC 5280) in PEM. Node reads certificates, but makes none. */
export function makeCertificate(options: CertificateOptions): string {
  const { name, publicKey, issuer, isAuthority = true, markers = [], notBeforeMs, notAfterMs } = options
  const { algorithm, digest } = algorithmOf(issuer.privateKey)
  const constraints = sequence(
    oid('2.5.29.19'),
    der(0x01, Buffer.of(0xff)),
    der(0x04, isAuthority ? sequence(der(0x01, Buffer.of(0xff))) : sequence()),
  )
  const extensions = [constraints, ...markers.map((marker) => sequence(oid(marker), der(0x04, der(0x05))))]
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1, ...Buffer.from(name).subarray(0, 8))),
    algorithm,
    named(issuer.name),
    sequence(time(notBeforeMs), time(notAfterMs)),
    named(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.of(0), sign(digest, body, issuer.privateKey))
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** RFC 5758 and RFC 8410. */
function algorithmOf({ asymmetricKeyType: type }: KeyObject): { algorithm: Buffer; digest: 'sha256' | null } {
  if (type === 'ed25519') return { algorithm: sequence(oid('1.3.101.112')), digest: null }
  if (type === 'rsa') return { algorithm: sequence(oid('1.2.840.113549.1.1.11'), der(0x05)), digest: 'sha256' }
  return { algorithm: sequence(oid('1.2.840.10045.4.3.2')), digest: 'sha256' }
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const each of others) {
    const groups = [each & 0x7f]
    for (let rest = each >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

function named(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))))
}

function time(atMs: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(atMs).toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`))
}
