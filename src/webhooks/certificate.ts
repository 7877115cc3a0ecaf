import { X509Certificate } from 'node:crypto'
import { keptKeys } from './kept-keys.ts'

const read = keptKeys((pem): { readonly certificate?: X509Certificate } => {
  try {
    return { certificate: new X509Certificate(pem) }
  } catch {
    return {}
  }
})

/** The certificate in PEM; `undefined` for any other text. */
export function certificateOf(pem: string): X509Certificate | undefined {
  return read(pem).certificate
}

/** Asks whether a certificate's time has come and not run out. */
export function isValidAt({ validFromDate, validToDate }: X509Certificate, atMs: number): boolean {
  return validFromDate.getTime() <= atMs && atMs <= validToDate.getTime()
}
