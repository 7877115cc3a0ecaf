import { type Scheme } from '../providers/scheme.ts'
import { type UrlRules } from '../providers/url-rules.ts'
import { allowedUrl } from './allowed-url.ts'
import { Arrived, type SignedParts } from './arrived.ts'
import { parseToken } from './json-web-token.ts'
import { carrierReader } from './signature-carrier.ts'

/** A key that must be fetched before a delivery can be verified. */
export interface KeyNeeded {
  /** `x509-url`: one certificate. `jwks`: a set of keys (RFC 7517). `jwk`: one key, asked for by its id. */
  readonly kind: 'x509-url' | 'jwks' | 'jwk'
  readonly url: string
  /** The id of the key, as the delivery names it. */
  readonly kid?: string
  /** Where the provider keeps its keys: `url` may be a stranger's text. */
  readonly allowed: UrlRules
  /**
   * What is posted to ask for one key: `{kid}` stands for its id, `{config:N}` for what only the account knows.
   *
   * @default the address is fetched with GET
   */
  readonly ask?: Readonly<Record<string, string>>
  /** JSON pointer to the key in the answer. @default '', the whole answer */
  readonly keyAt?: string
  /** JSON pointer to the moment, in seconds since the Unix epoch, from which the key no longer counts; null: none. */
  readonly expiredAt?: string
}

export interface KeyQuestion extends SignedParts {
  readonly headers: Headers
  readonly body: Uint8Array
}

/**
 * Says which key must be fetched before a delivery can be verified: `undefined` where the secrets suffice, `refused`
 * where the delivery names none, or one that is kept elsewhere than at the provider. Nothing that it reads is believed.
 */
export function keyNeeded(scheme: Scheme, delivery: KeyQuestion): KeyNeeded | 'refused' | undefined {
  const { urlFrom, urlMust, keySet } = scheme.key
  if (urlFrom === undefined && keySet === undefined) return undefined
  const arrived = new Arrived(scheme, delivery.headers, delivery.body, delivery)
  if (urlFrom !== undefined && urlMust !== undefined) {
    const url = arrived.carried(urlFrom)
    if (url === undefined || allowedUrl(url, urlMust) === undefined) return 'refused'
    return { kind: 'x509-url', url, allowed: urlMust }
  }
  if (keySet === undefined) return undefined
  const carried = carrierReader(scheme)(arrived)
  const kid = typeof carried === 'string' ? undefined : parseToken(carried.signatures[0] ?? '')?.header.kid
  if (typeof kid !== 'string') return 'refused'
  const url = keySet.url.replaceAll(/\{config:(\w+)\}/g, (_, setting: string) => arrived.setting(setting) ?? '')
  return allowedUrl(url, keySet.allowed) === undefined ? 'refused' : { ...keySet, url, kid }
}
