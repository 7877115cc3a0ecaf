import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readVectors } from '../../src/cli/read-vectors.ts'
import { type Scheme } from '../../src/providers/scheme.ts'
import { unknownSchemes, webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { keepsItsId } from '../../src/webhooks/replay-protection.ts'
import { allPeers } from '../support/peers/all-peers.ts'

const folder = join(import.meta.dirname, '../data/webhook-vectors')
const judges = new Map<string, string[]>()
for (const file of readdirSync(folder)) {
  const vectors = readVectors(JSON.parse(readFileSync(join(folder, file), 'utf8')), file)
  for (const { scheme, checked_with: judge = '' } of vectors) {
    judges.set(scheme, [...(judges.get(scheme) ?? []), judge])
  }
}

const types: Readonly<Record<Scheme['signature']['type'], string>> = {
  hmac: 'HMAC',
  hash: 'digest',
  rsa: 'RSA',
  ecdsa: 'ECDSA',
  ed25519: 'Ed25519',
  jwt: 'JWT',
  'jws-x5c': 'JWS with certificates',
  token: 'static token',
  basic: 'HTTP Basic',
  none: 'none',
}

const bodies: Readonly<Record<Scheme['bodyForm'], string>> = {
  raw: 'every byte',
  reserialized: 'its JSON',
  'decoded-form': 'its form fields',
  hashed: 'every byte, by digest',
  'parsed-fields': 'some of its fields',
  'jws-payload': 'the token in it',
  'not-signed': 'no',
}

function signature({ signature: { type, hash, algorithms } }: Scheme): string {
  if (algorithms !== undefined) return 'as the account chose'
  return hash === undefined || type === 'jwt' || type === 'jws-x5c'
    ? types[type]
    : `${types[type]} ${hash.toUpperCase().replace('SHA', 'SHA-')}`
}

function age(scheme: Scheme): string {
  const { timestamp } = scheme
  const protection = keepsItsId(scheme) ? 'dedupe only' : 'no protection'
  if (timestamp === null || !timestamp.signed) return protection
  if (timestamp.tolerancePastMs === null) return `${protection}, time signed`
  if (timestamp.carrier.name === 'exp') return 'expires'
  return `${timestamp.tolerancePastMs / 1_000} s`
}

function proof({ id, verifiedAgainst }: Scheme): string {
  const found = judges.get(id) ?? []
  const libraries = [...new Set(found.map((judge) => /^(?:@[^@\s]+|[^@\s]+)@[\d.]+/.exec(judge)?.[0] ?? 'the recipe'))]
  const peers = allPeers.filter(({ scheme }) => scheme === id).map(({ library }) => library)
  return [
    ...(found.length === 0 ? [] : [`${found.length} vectors (${libraries.join(', ')})`]),
    ...(peers.length === 0 ? [] : [`agreement with ${[...new Set(peers)].join(', ')}`]),
    ...(found.length === 0 && peers.length === 0 ? [verifiedAgainst] : []),
  ].join('; ')
}

const rows = webhookProviders.map(({ title, webhooks: { scheme } }) => [
  `\`${scheme.id}\``,
  title,
  signature(scheme),
  bodies[scheme.bodyForm],
  age(scheme),
  scheme.confidence,
  proof(scheme).replaceAll('|', String.raw`\|`),
])

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const width = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(width[at] ?? 0)).join(' | ')} |`
  return [line(head), `| ${width.map((length) => '-'.repeat(length)).join(' | ')} |`, ...body.map(line)].join('\n')
}

const page = `# How webhooks are signed

${webhookProviders.length} schemes of ${new Set(webhookProviders.map(({ name }) => name)).size} providers, as data in \`goodfence/providers/webhooks\`. One interpreter
signs and verifies them all. Every one of them goes through the same laws: what we sign we verify, any change of what is
signed is refused, and nothing that arrives makes it throw. What else proves a scheme stands in the last column. Judge a
file of deliveries of your own with \`goodfence webhook verify --vectors FILE\`.

- _body signed_: what of the body the signature covers. Where it says _no_, a verdict has \`bodySigned: false\`, and only
  TLS and the secrecy of the address protect what the event says: fetch the object from the provider's API.
- _too old after_: how old a delivery may be. _Dedupe only_: a delivery that is sent again is genuine at any age, and only
  its event id, which is signed, tells. _No protection_: nor does that, since the id is not signed, so that a copy with another
  id is a new event. What to do then is in [webhooks](webhooks.md#copies-of-a-delivery).
- _confidence_: _verified_ against the provider's own library, _documented_ where that was read, _uncertain_ where only
  others say so.

${table(['scheme', 'provider', 'signature', 'body signed', 'too old after', 'confidence', 'proof besides the laws'], rows)}

Nothing is known of these, so they have no scheme:

${table(
  ['provider', 'why'],
  unknownSchemes.map(({ title, reason }) => [title, reason]),
)}
`

test('the page of the schemes says what their data and their proofs are', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/webhook-schemes.md')
})
