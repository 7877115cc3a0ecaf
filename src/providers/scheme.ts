import { type EventFacts } from './event-facts.ts'
import { type Handshake } from './handshake.ts'
import { type KeyFacts } from './key-facts.ts'
import { type Carrier, type DigestName, type SignatureFacts } from './signature-facts.ts'
import { type TokenFacts } from './token-facts.ts'

/** When a delivery says it was signed, and how old or early that may be. */
export interface TimestampFacts {
  readonly carrier: Carrier
  readonly unit: 's' | 'ms' | 'iso8601'
  /** How far in the past a timestamp may lie; `null`: no limit is set. */
  readonly tolerancePastMs: number | null
  /** How far in the future a timestamp may lie; `null`: no limit is set. */
  readonly toleranceFutureMs: number | null
  readonly toleranceBasis: 'sdk' | 'docs' | 'secondary' | 'sdk-option' | 'none'
  /** The timestamp is part of what is signed. */
  readonly signed: boolean
  /** What a timestamp in a JSON body must be. @default 'text', which takes a number as well */
  readonly jsonType?: 'text' | 'number'
  /** Nothing older is believed, whatever the tolerance: an ISO 8601 date. */
  readonly notBefore?: string
}

/** A value of the delivery that is a digest of its body. */
export interface BodyHashFacts {
  readonly carrier: Carrier
  readonly hash: DigestName
  readonly encoding: 'hex' | 'base64'
}

/** Signed text that is made of named members of a JSON body, one line each. */
export interface SignedFieldsFacts {
  /** `{name}` and `{value}` stand for a member. A member that is absent or null is left out. */
  readonly line: string
  /** Where the body says which list of members is its own. */
  readonly by: string
  readonly of: Readonly<Record<string, readonly string[]>>
}

/** Signed text that is made of those headers that another header lists. */
export interface SignedHeadersFacts {
  /** Header with the names of the signed ones. */
  readonly listHeader: string
  /** Between two names. */
  readonly separator: string
  /** Between two lines of the form `name:value`, which stand in the order of their names. */
  readonly join: string
}

/**
 * How one provider signs its deliveries, as plain data: signing and verifying interpret it and know no
 * provider by name.
 */
export interface Scheme {
  readonly id: string
  readonly title: string
  readonly request: RequestFacts
  readonly signature: SignatureFacts
  /** What a token must say. Only for signatures of type `jwt` and `jws-x5c`. */
  readonly token?: TokenFacts
  /**
   * Template of the signed bytes. Literals stand for themselves. `{body}`: the raw body. `{ts}`: the timestamp as
   * carried. `{id}`: the message id. `{url}`: the address called. `{path}`: its path and query, twice escaped.
   * `{method}`. `{secret}`. `{header:N}`, `{query:N}`, `{form:N}`, `{json:/pointer}`, `{config:name}`: a value.
   * `{crc32_decimal:body}`, `{sha256_raw:body}`, `{body_escaped}`: made of the body. `{form_sorted_concat}`,
   * `{params_sorted_amp}`, `{query_sorted}`, `{signed_headers}`, `{fields_lines}`: made of several values. `{jwt}`: the
   * token signs itself. `[...]`: left out when a value within is absent. `null`: nothing is signed.
   */
  readonly signedContent: string | null
  /** Further templates that a verifier tries, in order. */
  readonly verifyAlternatives?: readonly string[]
  /** What a signed form field must look like before its digest is worth making. */
  readonly contentPattern?: { readonly field: string; readonly pattern: string }
  /**
   * How the body is signed: its bytes, its JSON printed again without spaces, its decoded form fields, its digest, some
   * members of its JSON, a token within it, or not at all.
   */
  readonly bodyForm: 'raw' | 'reserialized' | 'decoded-form' | 'hashed' | 'parsed-fields' | 'jws-payload' | 'not-signed'
  /**
   * The address is tried with and without the default port of its scheme and as a URL parser prints it, besides as it
   * was called. @default false
   */
  readonly urlVariants?: boolean
  readonly key: KeyFacts
  readonly timestamp: TimestampFacts | null
  /** Id of the message, where it is signed. */
  readonly messageId?: Carrier
  /** Id of this one sending of it. */
  readonly deliveryId?: Carrier
  /** A value that comes with one genuine delivery only: a JSON pointer. */
  readonly replayKey?: string
  /** One delivery holds many items, each signed on its own; `*` stands for each element. Every one must verify. */
  readonly items?: string
  /** Other names for the scheme's headers: where the first is absent, all the others count. */
  readonly headerAliases?: Readonly<Record<string, string>>
  /** Headers that must be there with this value. */
  readonly fixedHeaders?: Readonly<Record<string, string>>
  /** Headers that must be there. */
  readonly requiredHeaders?: readonly string[]
  /** A member of the body that must have this value. */
  readonly versionField?: { readonly at: string; readonly value: string }
  /**
   * A member of the body that names whose delivery it is, and the setting that it must equal: where the same keys sign for
   * everybody, a genuine delivery may be somebody else's.
   */
  readonly ownerField?: { readonly at: string; readonly config: string }
  readonly bodyHash?: BodyHashFacts
  readonly signedFields?: SignedFieldsFacts
  readonly signedHeaders?: SignedHeadersFacts
  /** How old and new keys overlap, in a sentence. */
  readonly rotation?: string
  readonly event: EventFacts
  /** What the provider asks of a receiver before or between deliveries. @default nothing */
  readonly handshakes?: readonly Handshake[]
  readonly confidence: Confidence
  /** What these facts about the signature were tried against, or where they were read. */
  readonly verifiedAgainst: string
  readonly sources: readonly string[]
  /** What the rest cannot say. */
  readonly notes?: readonly string[]
}

/** What a delivery looks like. */
export interface RequestFacts {
  readonly method: string
  /** @default none */
  readonly otherMethods?: readonly string[]
  readonly contentType: string
  /** @default none */
  readonly otherContentTypes?: readonly string[]
}

/** `verified`: tried against the provider's own library. `documented`: read there. `uncertain`: neither. */
export type Confidence = 'verified' | 'documented' | 'uncertain'
