import fc from 'fast-check'
import { type Scheme } from '../../../src/providers/scheme.ts'
import { sign, verify, type Verdict } from '../../../src/webhooks/signature.ts'
import { edits, type Arrival, type Dice, type EditName } from './edits.ts'
import { anyBody, hookUrl, type Delivery, type Keys, type Peer } from './peer.ts'

/** A delivery before it is signed, and all that happens to it until it is judged. */
export interface Case {
  readonly keys: Keys
  /** Of another account, or the one that is being rolled out. */
  readonly otherKeys: Keys
  readonly url: string
  readonly body: Buffer
  /** How long the delivery travels; negative when the receiver's clock is behind. */
  readonly ageMs: number
  readonly signer: 'ours' | 'theirs' | 'ours, of a timestamp that nobody writes' | 'ours, with two keys'
  readonly dice: Dice
  readonly edits: readonly (readonly [EditName, Dice])[]
}

export const nowMs = 1_767_225_600_000

/** The edits of one part of a delivery. */
function namesOf(part: 'body' | 'header' | 'key' | 'url'): EditName[] {
  return (Object.keys(edits) as EditName[]).filter((name) => name.startsWith(`${part}: `))
}

/** Deliveries for a peer: some arrive as they were sent, most after an edit or a few. */
export function cases(peer: Peer, scheme: Scheme): fc.Arbitrary<Case> {
  const dice = fc.record({ at: fc.nat(), what: fc.nat() })
  const usesUrl = peer.urls !== undefined
  const inHeader = scheme.signature.carrier?.in === 'header'
  const edit = fc.tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...namesOf('body')) },
      { weight: inHeader ? 5 : 0, arbitrary: fc.constantFrom(...namesOf('header')) },
      { weight: peer.keyAt === undefined ? 2 : 0, arbitrary: fc.constantFrom(...namesOf('key')) },
      { weight: usesUrl ? 2 : 0, arbitrary: fc.constantFrom(...namesOf('url')) },
    ),
    dice,
  )
  const pastMs = scheme.timestamp?.tolerancePastMs ?? 300_000
  const futureMs = scheme.timestamp?.toleranceFutureMs ?? 300_000
  const signers: Case['signer'][] = ['ours']
  if (scheme.signature.syntax === 'pairs' || scheme.signature.syntax === 'list') signers.push('ours, with two keys')
  if (scheme.signedContent?.includes('{ts}') === true) signers.push('ours, of a timestamp that nobody writes')
  if (peer.sign !== undefined) signers.push('theirs')
  return fc.record({
    keys: peer.keys,
    otherKeys: peer.keys,
    url: peer.urls ?? fc.constant(hookUrl),
    body: peer.bodies ?? anyBody,
    ageMs: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(pastMs - 1000, pastMs, pastMs + 1, pastMs + 1000, 86_400_000) },
      { weight: 1, arbitrary: fc.constantFrom(1000 - futureMs, -futureMs, -futureMs - 1, -futureMs - 1000) },
    ),
    signer: fc.constantFrom(...signers),
    dice,
    edits: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 5, arbitrary: fc.tuple(edit) },
      { weight: 2, arbitrary: fc.array(edit, { minLength: 2, maxLength: 3 }) },
    ),
  })
}

/** Signs the case and carries it to the receiver. */
export async function arrivalOf(peer: Peer, scheme: Scheme, generated: Case): Promise<Arrival> {
  const { keys, url, body } = generated
  const along = peer.headers ?? {}
  const unsigned: Delivery = { method: 'POST', url, headers: along, body }
  const theirs = generated.signer === 'theirs' ? await signedByPeer(peer, unsigned, generated) : undefined
  const sent = theirs ?? signedByUs(peer, scheme, unsigned, generated)
  const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const security = Object.keys(headers).filter((name) => !(name in along) || name.endsWith('-id'))
  let arrival: Arrival = { delivery: { ...sent, headers }, held: keys.held, security }
  for (const [name, each] of generated.edits) arrival = edits[name](arrival, each)
  return arrival
}

/** Some libraries refuse to sign what they would refuse to verify, such as an empty body. */
async function signedByPeer(peer: Peer, delivery: Delivery, { keys, ageMs }: Case): Promise<Delivery | undefined> {
  try {
    const headers = await peer.sign?.(delivery, keys.signing, nowMs - ageMs)
    return headers === undefined ? undefined : { ...delivery, headers: { ...delivery.headers, ...headers } }
  } catch {
    return undefined
  }
}

function signedByUs(peer: Peer, scheme: Scheme, delivery: Delivery, generated: Case): Delivery {
  const { keys, otherKeys, ageMs, signer, dice } = generated
  const parts = { ...delivery, config: peer.config ?? {} }
  const sentAtMs = nowMs - ageMs
  if (signer === 'ours, of a timestamp that nobody writes') {
    const text = oddly(carriedTime(scheme, sentAtMs), dice)
    return { ...delivery, headers: signedAt(scheme, text, keys.signing, parts) }
  }
  const both = dice.at % 2 === 0 ? [keys.signing, otherKeys.signing] : [otherKeys.signing, keys.signing]
  const secret = signer === 'ours, with two keys' ? both : keys.signing
  const { headers, body, url = delivery.url } = sign(scheme, { ...parts, secret, timestampMs: sentAtMs })
  return { ...delivery, headers, url, body: Buffer.from(body) }
}

function carriedTime({ timestamp }: Scheme, atMs: number): string {
  return String(timestamp?.unit === 's' ? Math.floor(atMs / 1000) : atMs)
}

/** What number parsers of one kind or another take for the same time. */
function oddly(digits: string, { at }: Dice): string {
  const forms = [
    `0${digits}`,
    `+${digits}`,
    `${digits}.0`,
    `${digits}.5`,
    `${digits}abc`,
    `${digits}e0`,
    `0x${Number(digits).toString(16)}`,
    `${digits.slice(0, 1)}.${digits.slice(1)}e9`,
    `${digits}n`,
    `-${digits}`,
    'NaN',
    'Infinity',
    '9'.repeat(20),
    new Date(Number(digits) * 1000).toISOString(),
    `${digits}_0`,
  ]
  return forms[at % forms.length] ?? digits
}

type Parts = Omit<Parameters<typeof sign>[1], 'secret' | 'timestampMs'>

/** The scheme with its timestamp as any text: what an attacker with the key, or a careless sender, could send. */
const freely = new WeakMap<Scheme, Scheme>()

function signedAt(scheme: Scheme, text: string, secret: string, parts: Parts): Record<string, string> {
  const {
    syntax,
    timestampField = 't',
    signatureField = 'v1',
    itemSeparator = ',',
    pairSeparator = '=',
  } = scheme.signature
  let free = freely.get(scheme)
  if (free === undefined) {
    free = {
      ...scheme,
      timestamp: null,
      signedContent: (scheme.signedContent ?? '').replaceAll('{ts}', '{config:ts}'),
      signature: syntax === 'pairs' ? { ...scheme.signature, syntax: 'bare' } : scheme.signature,
    }
    freely.set(scheme, free)
  }
  const { headers } = sign(free, { ...parts, secret, timestampMs: 0, config: { ...parts.config, ts: text } })
  const name = scheme.signature.carrier?.name ?? ''
  if (syntax === 'pairs') {
    const value = [
      [timestampField, text],
      [signatureField, headers[name]],
    ]
      .map((pair) => pair.join(pairSeparator))
      .join(itemSeparator)
    return { ...headers, [name]: value }
  }
  return { ...headers, [scheme.timestamp?.carrier.name ?? '']: text }
}

/** Our verdict on what arrived. */
export function judged(peer: Peer, scheme: Scheme, { delivery, held }: Arrival): Verdict {
  const headers = new Headers(delivery.headers)
  const options = { ...delivery, headers, nowMs, config: peer.config ?? {} }
  if (peer.keyAt === undefined) return verify(scheme, { ...options, secrets: [held] })
  const key = peer.keyAt(delivery)
  return verify(scheme, { ...options, secrets: key === undefined ? [] : [key] })
}

/** The library's verdict: whatever it throws, it does not believe the delivery. */
export async function judgedByPeer(peer: Peer, { delivery, held }: Arrival): Promise<boolean> {
  try {
    return await peer.verifier(held)(delivery, nowMs)
  } catch {
    return false
  }
}
