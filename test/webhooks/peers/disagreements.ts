import { createPublicKey } from 'node:crypto'
import { type Scheme } from '../../../src/providers/scheme.ts'
import { type Arrival } from '../../support/peers/edits.ts'

/** One way in which a library judges otherwise than we do. */
export interface Disagreement {
  readonly libraries: readonly string[]
  readonly input: InputClass
  /** What the library does; we do the other. */
  readonly theirs: 'accepts' | 'refuses'
  readonly why: string
}

type Holds = (arrival: Arrival, scheme: Scheme) => boolean

const values = ({ delivery, security }: Arrival) => security.map((name) => delivery.headers[name] ?? '')

/** Every text that stands where the timestamp does. */
function timestamps({ delivery }: Arrival, { timestamp, signature }: Scheme): readonly string[] {
  if (timestamp?.carrier.in === 'header') return [delivery.headers[timestamp.carrier.name.toLowerCase()] ?? '']
  if (timestamp?.carrier.in !== 'signature-field') return []
  const start = `${timestamp.carrier.name}${signature.pairSeparator ?? '='}`
  const items = (delivery.headers[signature.carrier?.name.toLowerCase() ?? ''] ?? '').split(
    signature.itemSeparator ?? ',',
  )
  return items.filter((item) => item.trimStart().startsWith(start)).map((item) => item.trimStart().slice(start.length))
}

/** The texts where signatures stand: in a header, or in a JSON body. */
function signatures({ delivery }: Arrival, { signature: { carrier } }: Scheme): readonly string[] {
  if (carrier?.in === 'header') return [delivery.headers[carrier.name.toLowerCase()] ?? '']
  const member = new RegExp(`"${carrier?.name.split('/').at(-1)}":"([^"]*)"`, 'g')
  return [...delivery.body.toString().matchAll(member)].map(([, text = '']) => text)
}

/** A key in the one form in which it is issued. */
function isPublicKey(base64: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), type: 'spki', format: 'der' })
    return key.export({ type: 'spki', format: 'der' }).toString('base64') === base64
  } catch {
    return false
  }
}

/** What a delivery that is judged differently looks like on the wire. */
const inputs = {
  'a body that is not UTF-8': ({ delivery: { body } }) => !Buffer.from(body.toString()).equals(body),
  'a body that begins with a byte order mark': ({ delivery: { body } }) => body.toString().startsWith('\uFEFF'),
  'an empty body': ({ delivery: { body } }) => body.length === 0,
  'a message of another type than Notification': ({ delivery: { body } }) => !body.includes('"Type":"Notification"'),
  'a list or an object where text is signed': ({ delivery: { body } }) => /:(\[(?!\{)|\{\})/.test(body.toString()),
  'a security header that came twice': (arrival) => values(arrival).some((value) => value.includes(', ')),
  'a timestamp with zeros before it': (arrival, scheme) =>
    timestamps(arrival, scheme).some((text) => /^0\d/.test(text)),
  'a timestamp that is no plain number': (arrival, scheme) =>
    timestamps(arrival, scheme).some((text) => !/^\d{1,15}$/.test(text)),
  'several timestamps in one header': (arrival, scheme) =>
    timestamps(arrival, scheme).length > 1 && !values(arrival).some((value) => value.includes(', ')),
  'a signature with more behind a comma': (arrival) => values(arrival).some((value) => /v1,[^ ]*,/.test(value)),
  'a signature with more behind an equals sign': (arrival) => values(arrival).some((value) => /v[01]=\w*=/.test(value)),
  'a signature in other base64 than its own': (arrival, scheme) =>
    signatures(arrival, scheme).some((text) => Buffer.from(text, 'base64').toString('base64') !== text),
  'a signature with characters that are no hex digits': (arrival, scheme) =>
    !signatures(arrival, scheme).every((text) => /^[0-9a-f]*$/i.test(text)),
  'a key in another form than its own': ({ held }, { key: { form } }) => {
    if (form === 'spki-base64') return !isPublicKey(held)
    return !(
      form === 'hex' || form === 'raw-hex' ? /^([0-9a-f]{2})+$/i : /^(whsec_)?([\w+/]{4})*([\w+/]{2}==|[\w+/]{3}=)?$/
    ).test(held)
  },
} satisfies Readonly<Record<string, Holds>>

export type InputClass = keyof typeof inputs

export function holds(input: InputClass, arrival: Arrival, scheme: Scheme): boolean {
  return inputs[input](arrival, scheme)
}

const hubspot = ['@hubspot/api-client v1', '@hubspot/api-client v2', '@hubspot/api-client v3']
const shopify = ['@shopify/shopify-api Webhooks', '@shopify/shopify-api Events']
const sns = ['sns-validator SignatureVersion 1', 'sns-validator SignatureVersion 2']
const standard = ['svix', 'standardwebhooks']

/** Libraries that take the body as text. */
const textReaders = [
  'stripe',
  '@octokit/webhooks-methods',
  '@slack/bolt',
  ...standard,
  'square',
  '@adyen/api-library validateHMACSignature',
  ...shopify,
  ...hubspot,
  'telnyx',
  '@sendgrid/eventwebhook',
  'twilio validateRequestWithBody',
]
const numberSigners = ['stripe', '@slack/bolt', ...standard, '@hubspot/api-client v3']

/** Where official libraries disagree with us, and why we keep our verdict. */
export const disagreements: readonly Disagreement[] = [
  {
    libraries: textReaders,
    input: 'a body that is not UTF-8',
    theirs: 'refuses',
    why: 'Wrong: it judges the decoded text, in which such bytes are U+FFFD, so what was signed as bytes never passes.',
  },
  {
    libraries: [...textReaders, '@adyen/api-library validateHMAC', ...sns],
    input: 'a body that is not UTF-8',
    theirs: 'accepts',
    why: 'Wrong: where the signed body holds U+FFFD, a stranger may put any bytes that are no UTF-8 in its place.',
  },
  {
    libraries: ['stripe'],
    input: 'a body that begins with a byte order mark',
    theirs: 'refuses',
    why: 'Wrong: its decoder drops the mark, so a genuine body that begins with one never passes.',
  },
  {
    libraries: ['stripe'],
    input: 'a body that begins with a byte order mark',
    theirs: 'accepts',
    why: 'Wrong: its decoder drops the mark, so a stranger may put one before any signed body.',
  },
  {
    libraries: ['@octokit/webhooks-methods', ...shopify],
    input: 'an empty body',
    theirs: 'refuses',
    why: 'Wrong: it takes an empty body for a forgotten argument. The signature of no bytes is a signature.',
  },
  {
    libraries: sns,
    input: 'a message of another type than Notification',
    theirs: 'refuses',
    why: 'Wrong: it leaves the token out of what an UnsubscribeConfirmation signs, so none that SNS sends ever passes.',
  },
  {
    libraries: ['@adyen/api-library validateHMAC', ...sns],
    input: 'a list or an object where text is signed',
    theirs: 'accepts',
    why: 'Wrong: it signs what JavaScript prints of it, so a stranger may write ["x"] for "x" and [] for "".',
  },
  {
    libraries: numberSigners,
    input: 'a timestamp that is no plain number',
    theirs: 'accepts',
    why:
      'Lenient: it signs the number that it read, not the text that was sent, so a stranger may write more behind it. ' +
      'A sender that signed "Infinity" (bolt, HubSpot) or "NaN" (stripe, HubSpot) would never be too old.',
  },
  {
    libraries: ['discord-interactions', '@sendgrid/eventwebhook'],
    input: 'a timestamp that is no plain number',
    theirs: 'accepts',
    why: 'Lenient by design: it signs the text along and never asks what time it says. We refuse what says none.',
  },
  {
    libraries: numberSigners,
    input: 'a timestamp with zeros before it',
    theirs: 'accepts',
    why: 'Lenient: it signs the number that it read, so a stranger may write zeros before it.',
  },
  {
    libraries: numberSigners,
    input: 'a timestamp with zeros before it',
    theirs: 'refuses',
    why: 'Wrong: it signs the number that it read, so a text with zeros that was signed as it stands never passes.',
  },
  {
    libraries: ['stripe'],
    input: 'several timestamps in one header',
    theirs: 'accepts',
    why: 'Lenient: it takes the last and forgets the others. Which one is meant is a guess.',
  },
  {
    libraries: ['stripe', ...standard],
    input: 'a security header that came twice',
    theirs: 'accepts',
    why: "Lenient: it takes the joined text for one header. One of the two is a stranger's.",
  },
  {
    libraries: ['stripe', '@slack/bolt'],
    input: 'a signature with more behind an equals sign',
    theirs: 'accepts',
    why: 'Lenient: it splits at every equals sign and looks at the second piece only.',
  },
  {
    libraries: standard,
    input: 'a signature with more behind a comma',
    theirs: 'accepts',
    why: 'Lenient: it splits at every comma and looks at the second piece only.',
  },
  {
    libraries: [
      '@adyen/api-library validateHMACSignature',
      '@adyen/api-library validateHMAC',
      '@sendgrid/eventwebhook',
      'telnyx',
      ...sns,
    ],
    input: 'a signature in other base64 than its own',
    theirs: 'accepts',
    why: 'Lenient: it judges what a lenient decoder makes of it, so one signature has many texts.',
  },
  {
    libraries: ['discord-interactions'],
    input: 'a signature with characters that are no hex digits',
    theirs: 'accepts',
    why: 'Lenient: it reads "5g" as 5 and "zz" as 0, so one signature has many texts.',
  },
  {
    libraries: [
      ...standard,
      '@adyen/api-library validateHMACSignature',
      '@adyen/api-library validateHMAC',
      '@sendgrid/eventwebhook',
      'discord-interactions',
    ],
    input: 'a key in another form than its own',
    theirs: 'accepts',
    why: 'Lenient: its decoder stops where the text is no key any more. We say that it cannot be one.',
  },
]
