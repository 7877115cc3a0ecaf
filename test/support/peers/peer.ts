import fc from 'fast-check'

/** What arrived, as `node:http` hands it over: lower-case names, and a header that came twice joined with a comma. */
export interface Delivery {
  readonly method: string
  /** The address as the provider called it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What the provider signs with and what the receiver holds: two texts where the scheme is asymmetric. */
export interface Keys {
  readonly signing: string
  readonly held: string
}

/** Says whether a delivery is to be believed. A throw means no. */
export type Verifier = (delivery: Delivery, nowMs: number) => boolean | Promise<boolean>

/** An official library that verifies one scheme, called as its documentation says. */
export interface Peer {
  /** Name on npm, and what of it verifies where it has several. */
  readonly library: string
  /** Id of the scheme. */
  readonly scheme: string
  /** Sets the library up once for a key, as a receiver does at its start. */
  verifier(key: string): Verifier
  /** The security headers that the library makes for a delivery, where it can. */
  sign?(delivery: Delivery, key: string, nowMs: number): Record<string, string> | Promise<Record<string, string>>
  readonly keys: fc.Arbitrary<Keys>
  /** The key that stands at the address that a delivery names. @default the receiver holds the key */
  keyAt?(delivery: Delivery): string | undefined
  /** Bodies of deliveries. @default `anyBody` */
  readonly bodies?: fc.Arbitrary<Buffer>
  /** Addresses that are called. @default one */
  readonly urls?: fc.Arbitrary<string>
  /** Headers that the provider sends along, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Cases of one run: fewer where the library is slow. @default 2,000 */
  readonly numRuns?: number
  /** What only the receiver's account knows. */
  readonly config?: Readonly<Record<string, string>>
}

export const hookUrl = 'https://shop.test/hooks?shop=7'

/** Texts that both sides use as they are. */
export const textKeys: fc.Arbitrary<Keys> = same(fc.stringMatching(/^[0-9a-zA-Z_-]{16,48}$/))

/** One secret for both sides. */
export function same(secrets: fc.Arbitrary<string>): fc.Arbitrary<Keys> {
  return secrets.map((secret) => ({ signing: secret, held: secret }))
}

const text = fc.string({ unit: 'grapheme', maxLength: 60 })

/** Bodies whose bytes do not survive a parser and a printer, or not even a decoder. */
const awkward = [
  '',
  '{}',
  '[]',
  'null',
  '\uFEFF{"id":"evt_1"}',
  '{"id":"evt_1"}\n',
  '{\r\n  "id": "evt_1"\r\n}\r\n',
  '{"amount":1.0,"huge":12345678901234567890,"more":1e400,"less":-0}',
  '{"id":1,"id":2}',
  String.raw`{"text":"caf\u00e9 \/ \ud83d\ude00"}`,
  '{"text":"café ﬁ e\u0301 \u2028 \uFFFD 😀"}',
  '\u0000',
]

/** JSON as providers print it, JSON as nobody prints it, and bytes that are no text at all. */
export const anyBody: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 3 }).map((json) => Buffer.from(json)) },
  {
    weight: 3,
    arbitrary: text.map((each) =>
      Buffer.from(JSON.stringify({ id: 'evt_1', lost: '\uFFFD', text: each }, undefined, 2)),
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom(...awkward).map((each) => Buffer.from(each)) },
  { weight: 1, arbitrary: text.map((each) => Buffer.from(each)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 9 })
      .map((bytes) => Buffer.from(`{"text":"${Buffer.from(bytes).toString('latin1')}"}`, 'latin1')),
  },
)

/** A header's value, or the empty text that libraries take for none. */
export function headerOf({ headers }: Delivery, name: string): string {
  return headers[name] ?? ''
}
