import { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { lightHeaders } from '../src/core/light-headers.ts'
import { type Scheme } from '../src/providers/scheme.ts'
import { webhookProviderOf, webhookProviders } from '../src/providers/webhook-catalogue.ts'
import { sign, verify } from '../src/webhooks/signature.ts'
import { allPeers } from '../test/support/peers/all-peers.ts'
import { hookUrl, type Delivery, type Peer } from '../test/support/peers/peer.ts'
import { unsignedDeliveries } from '../test/support/scheme-delivery.ts'
import { keysOf } from '../test/support/scheme-keys.ts'
import { interleave, median, ratios, spread } from './measure.ts'
import { type Row } from './row.ts'

/** A receiver's verification of 2 KB beside a bare digest of the same bytes, and beside the vendors' own libraries. */
export async function rows(): Promise<Row[]> {
  const schemes = webhookProviders
    .map(({ webhooks }) => webhooks.scheme)
    .filter(({ signature, bodyForm }) => signature.type === 'hmac' && bodyForm === 'raw')
  const bySecret = schemes.filter((scheme) => !isCanonical(scheme))
  return [
    await worst(
      'verify-vs-hmac',
      bySecret.map(besideDigest),
      (name) => `bare HMAC of 2 KB; ${name}, the worst of ${bySecret.length}`,
    ),
    await worst(
      'verify-vs-hmac-canonical',
      schemes.filter(isCanonical).map(besideDigest),
      (name) => `the same; ${name} signs method, path and listed headers beside the body`,
    ),
    await worst(
      'verify-vs-vendor',
      await Promise.all(allPeers.map(besideVendor)),
      (name) => `the vendor's library; ${name}, the worst of ${allPeers.length}`,
    ),
  ]
}

/** What is signed is a description of the request, which must be made first: no digest of a body compares with that. */
function isCanonical({ signedContent }: Scheme): boolean {
  return signedContent?.includes('{signed_headers}') === true
}

/** Headers as the listener for node:http hands them over. */
function listed(headers: Readonly<Record<string, string>>): Headers {
  const light = lightHeaders()
  for (const [name, value] of Object.entries(headers)) light.append(name, value)
  return light
}

/** Ours beside something else that does the same work. */
interface Comparison {
  readonly name: string
  readonly ours: () => unknown
  readonly other: () => unknown
}

/** The comparison that comes out worst: found in short rounds, then measured again, since the least of many is partly luck. */
async function worst(
  name: string,
  comparisons: readonly Comparison[],
  versus: (worst: string) => string,
): Promise<Row> {
  let found: { comparison: Comparison; ratio: number } | undefined
  for (const comparison of comparisons) {
    const ratio = median(await measured(comparison, 60))
    if (found === undefined || ratio < found.ratio) found = { comparison, ratio }
  }
  if (found === undefined) throw new Error('There is nothing to compare.')
  const again = await measured(found.comparison, 400)
  return { name, value: median(again), unit: 'x', versus: versus(found.comparison.name), spread: spread(again) }
}

/**
 * How many times our time the other's is, round by round. What is timed is a batch of half a millisecond: long enough that
 * awaiting it weighs nothing, short enough that most end before the machine turns to something else.
 */
async function measured({ ours, other }: Comparison, rounds: number): Promise<number[]> {
  for (let call = 0; call < 200; call++) await ours()
  const batch = Math.max(1, Math.min(200, Math.round(0.5 / (await fastestMs(other)))))
  const timings = await interleave({ ours: times(batch, ours), other: times(batch, other) }, { rounds, calls: 1 })
  return ratios(timings.other, timings.ours)
}

async function fastestMs(run: () => unknown): Promise<number> {
  let fastest = Infinity
  for (let call = 0; call < 50; call++) {
    const startedMs = performance.now()
    await run()
    fastest = Math.min(fastest, performance.now() - startedMs)
  }
  return fastest
}

function times(batch: number, run: () => unknown): () => Promise<void> {
  return async () => {
    for (let call = 0; call < batch; call++) {
      const result = run()
      if (result instanceof Promise) await result
    }
  }
}

function besideDigest(scheme: Scheme): Comparison {
  const nowMs = 1_767_225_600_000
  const unsigned = sampled(unsignedDeliveries(scheme))
  const keys = sampled(keysOf(scheme))
  const sent = sign(scheme, { ...unsigned, body: ofTwoKilobytes(), secret: keys.signing, timestampMs: nowMs })
  const { body } = sent
  const options = { ...unsigned, body, headers: listed(sent.headers), secrets: [keys.held], nowMs }
  if (!verify(scheme, options).ok) throw new Error(`A genuine delivery of ${scheme.id} was refused.`)
  const key = createSecretKey(Buffer.alloc(32, 7))
  const { hash = 'sha256', encoding = 'hex' } = scheme.signature
  return {
    name: scheme.id,
    ours: () => verify(scheme, options),
    other: () => createHmac(hash, key).update(body).digest(encoding),
  }
}

async function besideVendor(peer: Peer): Promise<Comparison> {
  const { scheme } = webhookProviderOf(peer.scheme).webhooks
  const nowMs = Date.now() // some libraries read the clock themselves
  const keys = sampled(peer.keys)
  const parts = { method: 'POST', url: hookUrl, headers: peer.headers ?? {}, config: peer.config }
  const body = peer.bodies === undefined ? ofTwoKilobytes() : sampled(peer.bodies)
  const { url = hookUrl, ...sent } = sign(scheme, { ...parts, body, secret: keys.signing, timestampMs: nowMs })
  const headers = listed(sent.headers)
  const delivery: Delivery = { method: 'POST', url, headers: Object.fromEntries(headers), body: Buffer.from(sent.body) }
  const secrets = [peer.keyAt?.(delivery) ?? keys.held]
  const options = { ...delivery, headers, config: peer.config, secrets, nowMs }
  const verifier = peer.verifier(keys.held)
  if (!verify(scheme, options).ok || !(await verifier(delivery, nowMs)))
    throw new Error(`A genuine delivery of ${scheme.id} was refused.`)
  return { name: peer.library, ours: () => verify(scheme, options), other: () => verifier(delivery, nowMs) }
}

function sampled<Value>(arbitrary: fc.Arbitrary<Value>): Value {
  const [value] = fc.sample(arbitrary, { numRuns: 1, seed: 1 }) as [Value]
  return value
}

/** An event as providers send them: JSON with many short members. */
function ofTwoKilobytes(): Buffer {
  const lines: unknown[] = []
  for (let line = 1; ; line++) {
    const body = Buffer.from(JSON.stringify({ id: 'evt_1', type: 'order.paid', created: 1_767_225_600, lines }))
    if (body.length > 2_048 - 80) return body
    lines.push({ sku: `SKU-${line}`, quantity: line % 3, price: 1999 + line, currency: 'eur', note: null })
  }
}
