import { GoodfenceError } from '../core/errors.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type Arrived } from './arrived.ts'
import { addressForms } from './address-forms.ts'
import { keptKeys } from './kept-keys.ts'
import { keyWithId } from './secret-key.ts'
import { type RejectReason } from './reject-reason.ts'
import { basic } from './schemes/basic.ts'
import { ecdsa } from './schemes/ecdsa.ts'
import { ed25519 } from './schemes/ed25519.ts'
import { hash } from './schemes/hash.ts'
import { hmac } from './schemes/hmac.ts'
import { rsa } from './schemes/rsa.ts'
import { type Content, type SchemeKind, type Signer } from './schemes/scheme-kind.ts'
import { token } from './schemes/token.ts'
import { type Carried, carrierReader } from './signature-carrier.ts'
import { type Held, type SignatureCheck } from './signature-check.ts'
import { signedContent } from './signed-content.ts'
import { staleness, timeOf, timestampText } from './signed-time.ts'

/** Every kind of signature that is made over content and carried beside it. */
const kinds: Partial<Record<Scheme['signature']['type'], SchemeKind>> = {
  hmac,
  hash,
  rsa,
  ecdsa,
  ed25519,
  token,
  basic,
}

/** One algorithm of a scheme, made ready. */
export interface Method {
  readonly signer: Signer
  /** What is signed, and what else a verifier tries. */
  readonly contents: readonly ((arrived: Arrived) => Content | undefined)[]
}

/** Makes the function that gives a delivery's method: one for most schemes, the account's choice for a few. */
export function methods(scheme: Scheme): (arrived: Arrived) => Method | undefined {
  const { algorithms } = scheme.signature
  if (algorithms === undefined) {
    const only = methodOf(scheme)
    return () => only
  }
  const { setting, of } = algorithms
  const chosen = new Map(
    Object.entries(of).map(([name, { type, hash: digest, signedContent: template = scheme.signedContent }]) => [
      name,
      methodOf({ ...scheme, signature: { ...scheme.signature, type, hash: digest }, signedContent: template }),
    ]),
  )
  return (arrived) => chosen.get(arrived.config(setting) ?? '') ?? arrived.lacks('setting_missing')
}

function methodOf(scheme: Scheme): Method {
  const kind = kinds[scheme.signature.type]
  const templates = [scheme.signedContent ?? '', ...(scheme.verifyAlternatives ?? [])]
  if (kind === undefined || (scheme.signature.type !== 'hash' && templates.some((text) => text.includes('{secret}')))) {
    throw new GoodfenceError(
      'usage',
      `Signatures of type ${scheme.signature.type} (scheme "${scheme.id}") are not supported.`,
      { mend: `use a scheme of goodfence/providers/webhooks` },
    )
  }
  return { signer: kind(scheme), contents: templates.map((template) => signedContent(template, scheme)) }
}

/** Makes the check of a scheme whose signature stands beside what it signs. */
export function detachedCheck(scheme: Scheme): SignatureCheck {
  const { timestamp, key, signedContent: template, bodyForm, urlVariants = false } = scheme
  const methodOfDelivery = methods(scheme)
  const ownKey = keptKeys((secret) => ({ own: keyWithId(key, secret) }))
  const carriedBy = carrierReader(scheme)
  const inside = timestamp?.carrier.in === 'signature-field'
  const bodySigned = template !== null && bodyForm !== 'not-signed'
  const pattern = scheme.contentPattern && { ...scheme.contentPattern, is: new RegExp(scheme.contentPattern.pattern) }

  return (arrived, held) => {
    const method = methodOfDelivery(arrived)
    if (method === undefined) return arrived.missing ?? 'setting_missing'
    const carried = carriedBy(arrived)
    if (typeof carried === 'string') return carried

    let signedAtMs: number | undefined
    if (timestamp !== null) {
      arrived.ts = inside ? (carried.timestamp ?? '') : timestampText(timestamp, arrived)
      if (arrived.ts === '') return arrived.missing === 'header_repeated' ? arrived.missing : 'timestamp_missing'
      signedAtMs = timeOf(timestamp, arrived.ts)
      if (signedAtMs === undefined) return 'timestamp_malformed'
    }
    if (pattern !== undefined) {
      const text = arrived.single(arrived.form(), pattern.field)
      if (text === undefined) return arrived.missing ?? 'value_missing'
      if (!pattern.is.test(text)) return 'content_malformed'
    }
    const secretIndex = matching(arrived, method, carried, held)
    if (typeof secretIndex === 'string') return secretIndex
    if (timestamp === null || signedAtMs === undefined) return { secretIndex, bodySigned }
    return staleness(timestamp, signedAtMs, held) ?? { secretIndex, signedAtMs, bodySigned }
  }

  /** The place of the key by which one of the signatures is right for one of the contents. */
  function matching(arrived: Arrived, method: Method, carried: Carried, held: Held): number | RejectReason {
    let refused: RejectReason | undefined
    const [first] = method.contents
    if (!urlVariants && method.contents.length === 1 && first !== undefined) {
      const content = first(arrived)
      if (content === undefined) return arrived.missing ?? 'signature_mismatch'
      return keyFor(arrived, method.signer, content, carried, held)
    }
    const forms = urlVariants ? addressForms(arrived.url) : [arrived.url]
    for (const url of forms) {
      arrived.url = url
      for (const contentOf of method.contents) {
        const content = contentOf(arrived)
        if (content === undefined) {
          refused ??= arrived.missing ?? 'signature_mismatch'
          continue
        }
        const found = keyFor(arrived, method.signer, content, carried, held)
        if (typeof found === 'number') return found
        refused = found
      }
    }
    return refused ?? 'signature_mismatch'
  }

  function keyFor(
    arrived: Arrived,
    signer: Signer,
    content: Content,
    carried: Carried,
    held: Held,
  ): number | RejectReason {
    let refused: RejectReason = 'signature_mismatch'
    for (let index = 0; index < held.secrets.length; index++) {
      const secret = held.secrets[index] ?? ''
      let text = secret
      let { signatures } = carried
      if (key.id !== undefined) {
        const { own } = ownKey(secret)
        if (own === undefined || !isNamed(own.id, arrived)) continue
        text = own.text
        const { keyIds } = carried
        if (keyIds !== undefined && own.id !== undefined)
          signatures = signatures.filter((_, at) => keyIds[at] === own.id)
      }
      const refusal = signer.refusal(content, text, signatures, held.nowMs)
      if (refusal === undefined) return index
      refused = refusal
    }
    return refused
  }

  /** Asks whether a delivery that names its key names this one. */
  function isNamed(id: string | undefined, arrived: Arrived): boolean {
    if (key.idFrom === undefined || id === undefined) return true
    return arrived.carried(key.idFrom) === id
  }
}
