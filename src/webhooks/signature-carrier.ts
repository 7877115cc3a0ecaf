import { type Scheme } from '../providers/scheme.ts'
import { type Arrived } from './arrived.ts'
import { type RejectReason } from './reject-reason.ts'

/** What a delivery says about its signature. */
export interface Carried {
  /** Without the scheme's prefix; never empty. */
  readonly signatures: readonly string[]
  /** The key that each of them names, where they do. */
  readonly keyIds?: readonly string[]
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
      const found = carriers.filter(({ name }) => (arrived.anyHeader(name) ?? '') !== '')
      if (found.length === 0) return 'header_missing'
      const signatures = found.map(({ name }) => arrived.header(name) ?? '')
      if (signatures.includes('')) return 'header_repeated'
      return { signatures, keyIds: found.map(({ keyId }) => keyId) }
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
  const answer = (signatures: readonly string[], more?: Omit<Carried, 'signatures'>): Carried | RejectReason =>
    signatures.length === 0 || (signatures.length === 1 && signatures[0] === '')
      ? 'signature_missing'
      : { signatures, ...more }
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
      return (value) => answer(itemsOf(value, itemSeparator).map(withoutPrefix).filter(isText))
    case 'keyed-list':
      return (value) => {
        const pairs = itemsOf(value, itemSeparator)
          .map((item) => parted(item, pairSeparator))
          .filter((pair) => pair !== undefined)
        return answer(
          pairs.map(([, signature]) => signature),
          { keyIds: pairs.map(([id]) => id) },
        )
      }
    case 'pairs':
      return (value) => {
        const signatures: string[] = []
        let timestamp: string | undefined
        for (const item of itemsOf(value, itemSeparator)) {
          const pair = parted(item, pairSeparator)
          if (pair === undefined) continue
          if (pair[0] === signatureField) {
            const signature = withoutPrefix(pair[1])
            if (signature !== undefined) signatures.push(signature)
          }
          if (pair[0] !== timestampField) continue
          if (timestamp !== undefined) return 'header_malformed'
          timestamp = pair[1]
        }
        if (timestampField !== '' && (timestamp ?? '') === '') return 'timestamp_missing'
        return answer(signatures, { timestamp })
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
