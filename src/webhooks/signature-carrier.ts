import { type Scheme } from '../providers/scheme.ts'
import { type Arrived } from './arrived.ts'
import { type RejectReason } from './reject-reason.ts'

/** What a delivery says about its signature. */
export interface Carried {
  /** Without the scheme's prefix; never empty. */
  readonly signatures: readonly string[]
  /** The key that each of them names, where they do. */
  readonly keyIds?: readonly string[] | undefined
  /** Text as it stands among the signatures. */
  readonly timestamp?: string | undefined
}

/** Longer than any signature header that a provider sends, and than any token in a body. */
const maxLength = { header: 8_192, body: 262_144 }

type Reader = (arrived: Arrived) => Carried | RejectReason

/** Makes the function that takes the signatures out of a delivery, or says why it cannot. */
export function carrierReader(scheme: Scheme): Reader {
  const { carriers, carriersPattern } = scheme.signature
  const itemsOf = itemReader(scheme)
  if (carriers !== undefined) {
    return (arrived) => {
      const signatures: string[] = []
      const keyIds: string[] = []
      for (const { name, keyId } of carriers) {
        const value = arrived.anyHeader(name)
        if (value === undefined || value === '') continue
        if (value.includes(', ')) return 'header_repeated'
        signatures.push(value)
        keyIds.push(keyId)
      }
      return signatures.length === 0 ? 'header_missing' : { signatures, keyIds }
    }
  }
  if (carriersPattern !== undefined) {
    const pattern = new RegExp(`^${carriersPattern.toLowerCase().replace('{n}', String.raw`\d{1,3}`)}$`)
    return (arrived) => {
      const names = arrived.headersLike(pattern)
      if (names.length === 0) return 'header_missing'
      const signatures = names.map((name) => arrived.header(name) ?? '')
      return signatures.includes('') ? (arrived.missing ?? 'header_missing') : { signatures }
    }
  }
  const valueOf = valueReader(scheme)
  return (arrived) => {
    const value = valueOf(arrived)
    if (value === undefined) return arrived.missing ?? 'signature_missing'
    return itemsOf(value)
  }
}

/** Reads the one value that holds all signatures. */
function valueReader({ signature }: Scheme): (arrived: Arrived) => string | undefined {
  const { carrier, trim, itemSeparator, repeatable, type } = signature
  if (carrier === undefined) return () => ''
  if (carrier.in !== 'header') {
    return (arrived) => {
      const value = arrived.carried(carrier)
      if (value === '') return arrived.lacks('signature_missing')
      return value === undefined || value.length <= maxLength.body ? value : arrived.lacks('body_malformed')
    }
  }
  // `Headers` joins a header that came twice with a comma and a space: of two signatures, one is a stranger's. Where the
  // grammar itself allows that, what is joined is taken apart like any list; a token is compared as it is.
  const joinable = repeatable === true || (trim === true && itemSeparator === ',') || type === 'token'
  return (arrived) => {
    const name = arrived.nameOf(carrier)
    if (name === undefined) return undefined
    const value = arrived.anyHeader(name)
    if (value === undefined || value === '') return arrived.lacks('header_missing')
    if (value.length > maxLength.header) return arrived.lacks('header_malformed')
    return !joinable && value.includes(', ') ? arrived.lacks('header_repeated') : value
  }
}

function itemReader(scheme: Scheme): (value: string) => Carried | RejectReason {
  const { syntax, itemSeparator = ',', pairSeparator = '=', prefix = '', prefixOptional = false } = scheme.signature
  const { signatureField = '', timestampField = '', trim = false, repeatable = false } = scheme.signature

  const withoutPrefix = (item: string): string | undefined => {
    if (item.startsWith(prefix)) return item.slice(prefix.length)
    return prefixOptional ? item : undefined
  }
  const signatureStart = signatureField + pairSeparator + prefix
  const timestampStart = timestampField + pairSeparator
  const answer = (
    signatures: readonly string[],
    timestamp?: string,
    keyIds?: readonly string[],
  ): Carried | RejectReason =>
    signatures.length === 0 || (signatures.length === 1 && signatures[0] === '')
      ? 'signature_missing'
      : { signatures, timestamp, keyIds }
  const itemsOf = (value: string, separator: string): string[] => {
    const items = value.split(separator)
    return trim ? items.map((item) => item.trim()) : items
  }

  switch (syntax) {
    case 'bare':
    case 'jwt':
      if (repeatable) return (value) => answer(value.split(', ').map(withoutPrefix).filter(isText))
      return (value) => {
        const signature = withoutPrefix(value)
        return signature === undefined || signature === '' ? 'signature_missing' : { signatures: [signature] }
      }
    case 'list':
      return (value) => {
        const signatures: string[] = []
        for (let start = 0; start <= value.length;) {
          const next = value.indexOf(itemSeparator, start)
          const end = next < 0 ? value.length : next
          const signature = withoutPrefix(trim ? value.slice(start, end).trim() : value.slice(start, end))
          if (signature !== undefined) signatures.push(signature)
          start = end + itemSeparator.length
        }
        return answer(signatures)
      }
    case 'keyed-list':
      return (value) => {
        const pairs = itemsOf(value, itemSeparator)
          .map((item) => parted(item, pairSeparator))
          .filter((pair) => pair !== undefined)
        return answer(
          pairs.map(([, signature]) => signature),
          undefined,
          pairs.map(([id]) => id),
        )
      }
    case 'pairs':
      return (value) => {
        const signatures: string[] = []
        let timestamp: string | undefined
        for (let start = 0; start <= value.length;) {
          const next = value.indexOf(itemSeparator, start)
          const end = next < 0 ? value.length : next
          const item = trim ? value.slice(start, end).trim() : value.slice(start, end)
          start = end + itemSeparator.length
          if (item.startsWith(signatureStart)) signatures.push(item.slice(signatureStart.length))
          if (!item.startsWith(timestampStart)) continue
          if (timestamp !== undefined) return 'header_malformed'
          timestamp = item.slice(timestampStart.length)
        }
        if (timestamp === undefined || timestamp === '') return 'timestamp_missing'
        return answer(signatures, timestamp)
      }
    case 'none':
      return () => ({ signatures: [] })
  }
}

function parted(item: string, separator: string): [string, string] | undefined {
  const at = item.indexOf(separator)
  return at < 0 ? undefined : [item.slice(0, at), item.slice(at + separator.length)]
}

function isText(item: string | undefined): item is string {
  return item !== undefined
}

/** Writes signatures and timestamp as one value, as the provider sends it. */
export function carriedText(scheme: Scheme, { signatures, keyIds = [], timestamp = '' }: Carried): string {
  const { syntax, prefix = '', itemSeparator = ',', pairSeparator = '=' } = scheme.signature
  const { signatureField = '', timestampField = '', repeatable = false } = scheme.signature
  switch (syntax) {
    case 'pairs': {
      const pairs = signatures.map((signature) => signatureField + pairSeparator + prefix + signature)
      const first = timestampField === '' ? [] : [timestampField + pairSeparator + timestamp]
      return [...first, ...pairs].join(itemSeparator)
    }
    case 'keyed-list':
      return signatures
        .map((signature, index) => `${keyIds[index] ?? ''}${pairSeparator}${signature}`)
        .join(itemSeparator)
    case 'list':
      return signatures.map((signature) => prefix + signature).join(itemSeparator)
    case 'bare':
    case 'jwt':
    case 'none':
      return (repeatable ? signatures : signatures.slice(0, 1)).map((signature) => prefix + signature).join(', ')
  }
}
