import { type Carrier } from './signature-facts.ts'
import { type UrlRules } from './url-rules.ts'

/** How the text that a provider issues becomes the bytes of a key. */
export interface KeyFacts {
  readonly role: 'shared-secret' | 'public-key' | 'certificate' | 'trust-anchor' | 'token' | 'basic' | 'none'
  /**
   * `utf8`, `nfkd-utf8`: the text itself. `base64`, `hex`: decoded. `base64-if-prefixed`: decoded where the prefix is
   * there. `utf8-or-base64`: both are tried. `sha1-of-utf8`: its digest. `spki-base64`, `raw-hex`, `raw-base64`: a public
   * key. `x509-url`: a certificate, fetched from an address in the delivery. `jwks-by-kid`: a JSON Web Key, fetched by
   * the id in the token. `root-certificates`: what a chain in the token must end at. `user-and-password`: both with a
   * colon between them.
   */
  readonly form:
    | 'utf8'
    | 'nfkd-utf8'
    | 'base64'
    | 'hex'
    | 'base64-if-prefixed'
    | 'utf8-or-base64'
    | 'sha1-of-utf8'
    | 'spki-base64'
    | 'raw-hex'
    | 'raw-base64'
    | 'x509-url'
    | 'jwks-by-kid'
    | 'root-certificates'
    | 'user-and-password'
    | 'none'
  /** What issued texts begin with. */
  readonly prefix?: string
  /** The prefix is signed with, not only decoration. @default false */
  readonly prefixIsPartOfKey?: boolean
  /** Every issued text has so many characters. */
  readonly length?: number
  /**
   * Keys have ids: a key is given as `id:key`. `required`: without its id it cannot be used. `optional`: without it, it
   * stands for every id. @default keys have no ids
   */
  readonly id?: 'required' | 'optional'
  /** The ids that there are. @default every account has its own */
  readonly ids?: readonly string[]
  /** Where a delivery says by which key it is signed. */
  readonly idFrom?: Carrier
  /** Where a delivery says from which address its certificate can be had. */
  readonly urlFrom?: Carrier
  /** The addresses that a certificate may come from. */
  readonly urlMust?: UrlRules
  /** Where the keys that tokens name by id are kept. */
  readonly keySet?: KeySetFacts
  /** What the key is in the provider's words, or where it is fetched. */
  readonly note?: string
}

/** Where a provider keeps its public keys, and how it is asked for them. */
export interface KeySetFacts {
  /** `jwks`: all of them at once (RFC 7517). `jwk`: one, asked for by its id. */
  readonly kind: 'jwks' | 'jwk'
  /** May hold `{config:NAME}`. */
  readonly url: string
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
