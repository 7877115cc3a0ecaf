import { X509Certificate } from 'node:crypto'
import { keptKeys } from './kept-keys.ts'

const read = keptKeys((pem) => ({ certificate: readCertificate(pem) }))

/** The certificate in PEM; `undefined` for any other text. */
export function certificateOf(pem: string): X509Certificate | undefined {
  return read(pem).certificate
}

/** A certificate in PEM or DER; `undefined` where it, or the key in it, cannot be read: Node throws when asked for one. */
export function readCertificate(text: string | Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(text)
    return certificate.publicKey.type === 'public' ? certificate : undefined
  } catch {
    return undefined
  }
}

/** Asks whether a certificate's time has come and not run out. */
export function isValidAt({ validFromDate, validToDate }: X509Certificate, atMs: number): boolean {
  return validFromDate.getTime() <= atMs && atMs <= validToDate.getTime()
}
