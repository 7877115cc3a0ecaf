import { type Carrier } from './signature-facts.ts'

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
  /** The addresses that a certificate may come from, always by HTTPS on the usual port. */
  readonly urlMust?: UrlRule
  /** What the key is in the provider's words, or where it is fetched. */
  readonly note?: string
}

/** Which addresses are the provider's own. */
export interface UrlRule {
  /** A regular expression for the whole host. */
  readonly host: string
  /** How the path ends. @default anyhow */
  readonly pathEnd?: string
}
