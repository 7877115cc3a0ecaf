import { type UrlRules } from '../providers/url-rules.ts'

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
}
