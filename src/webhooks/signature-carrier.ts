import { type Scheme } from '../providers/scheme.ts'
import { type RejectReason } from './signature.ts'

/** What a delivery's headers say about its signature. */
export interface Carried {
  /** Without the scheme's prefix; never empty. */
  readonly signatures: readonly string[]
  /** Text as carried; empty where the scheme has no timestamp. */
  readonly timestamp: string
}

/** Longer than any signature header that a provider sends. */
const maxLength = 8_192

/** Takes signatures and timestamp out of the headers, or says why it cannot. */
export function readCarried(scheme: Scheme, headers: Headers): Carried | RejectReason {
  const { signature, timestamp } = scheme
  const value = headers.get(signature.carrier?.name ?? '')
  if (value === null || value === '') return 'header_missing'
  if (value.length > maxLength) return 'header_malformed'
  if (isJoined(scheme, value)) return 'header_repeated'

  const items = signature.syntax === 'bare' ? [value] : value.split(signature.itemSeparator ?? ',')
  const trimmed = signature.trim === true ? items.map((item) => item.trim()) : items
  const found = signature.syntax === 'pairs' ? readPairs(scheme, trimmed) : readItems(scheme, trimmed)
  if (found === undefined) return 'header_malformed'

  const carried = timestamp?.carrier.in === 'header' ? headers.get(timestamp.carrier.name) : found.timestamp
  if (timestamp !== null && (carried ?? '') === '') return 'timestamp_missing'
  if (found.signatures.length === 0) return 'signature_missing'
  return { signatures: found.signatures, timestamp: carried ?? '' }
}

/** Writes signatures and timestamp as the provider sends them. */
export function writeCarried(scheme: Scheme, { signatures, timestamp }: Carried): Record<string, string> {
  const { syntax, carrier, prefix = '', itemSeparator = ',', pairSeparator = '=' } = scheme.signature
  const { signatureField = '', timestampField = '' } = scheme.signature
  const name = carrier?.name ?? ''
  if (syntax === 'pairs') {
    const pairs = signatures.map((signature) => `${signatureField}${pairSeparator}${prefix}${signature}`)
    return { [name]: [`${timestampField}${pairSeparator}${timestamp}`, ...pairs].join(itemSeparator) }
  }
  const value = signatures.map((signature) => prefix + signature).join(itemSeparator)
  const beside = scheme.timestamp?.carrier.in === 'header' ? { [scheme.timestamp.carrier.name]: timestamp } : {}
  return { ...beside, [name]: value }
}

/** `Headers` joins a header that came twice with a comma and a space: of two signatures, one is a stranger's. */
function isJoined({ signature: { itemSeparator, trim } }: Scheme, value: string): boolean {
  return value.includes(', ') && !(trim === true && itemSeparator === ',')
}

interface Found {
  readonly signatures: readonly string[]
  readonly timestamp?: string
}

function readPairs({ signature }: Scheme, items: readonly string[]): Found | undefined {
  const { signatureField, timestampField, pairSeparator = '=', prefix = '' } = signature
  const signatures: string[] = []
  let timestamp: string | undefined
  for (const item of items) {
    const at = item.indexOf(pairSeparator)
    if (at < 0) continue
    const field = item.slice(0, at)
    const value = item.slice(at + pairSeparator.length)
    if (field === signatureField && value.startsWith(prefix)) signatures.push(value.slice(prefix.length))
    if (field !== timestampField) continue
    if (timestamp !== undefined) return undefined
    timestamp = value
  }
  return timestamp === undefined ? { signatures } : { signatures, timestamp }
}

function readItems({ signature: { prefix = '', prefixOptional = false } }: Scheme, items: readonly string[]): Found {
  const signatures: string[] = []
  for (const item of items) {
    if (item.startsWith(prefix)) signatures.push(item.slice(prefix.length))
    else if (prefixOptional) signatures.push(item)
  }
  return { signatures }
}
