import { createHash, generateKeyPairSync } from 'node:crypto'
import https from 'node:https'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import MessageValidator from 'sns-validator'
import { makeCertificate } from '../../../src/webhooks/make-certificate.ts'
import { type Peer } from './peer.ts'

const day = 86_400_000
const certificates = new Map<string, string>()

/** A key whose certificate stands at an address of Amazon's. */
function snsKeys(): { signing: string; held: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = 'sns.amazonaws.com'
  const validity = { notBeforeMs: Date.now() - 4000 * day, notAfterMs: Date.now() + 4000 * day }
  const held = makeCertificate({ name, publicKey, issuer: { name, privateKey }, ...validity })
  certificates.set(addressOf(held), held)
  return { signing: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), held }
}

function addressOf(held: string): string {
  const id = createHash('sha1').update(held).digest('hex')
  return `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${id}.pem`
}

const pairs = [snsKeys(), snsKeys()]

/** What stands at an address, where something does. */
function certificateAt(url: string): string | undefined {
  return certificates.get(url)
}

/** The library fetches by itself and takes no other way, so the platform's `get` answers in its stead, without a network. */
function answering<Result>(run: () => Result): Result {
  const { get } = https
  Object.assign(https, {
    get(url: string, respond: (response: Readable) => void): Readable {
      const found = certificateAt(url)
      const response = Readable.from([found ?? ''])
      respond(Object.assign(response, { statusCode: found === undefined ? 404 : 200 }))
      return response
    },
  })
  try {
    return run()
  } finally {
    https.get = get
  }
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', 'a\nb', '{"a":1.0}', '\uFFFD'),
)
const common = {
  Message: text,
  MessageId: fc.uuid(),
  TopicArn: text,
  Timestamp: fc.constant('2026-01-01T00:00:00.000Z'),
}

const message = (version: string) =>
  fc
    .tuple(
      fc.oneof(
        fc.record(
          { Type: fc.constant('Notification'), ...common, Subject: text },
          { requiredKeys: ['Type', 'Message', 'MessageId', 'TopicArn', 'Timestamp'] },
        ),
        fc.record({
          Type: fc.constantFrom('SubscriptionConfirmation', 'UnsubscribeConfirmation'),
          ...common,
          Token: text,
          SubscribeURL: fc.webUrl(),
        }),
      ),
      fc.constantFrom(...pairs),
    )
    .map(([each, { held }]) =>
      Object.assign(each, {
        SignatureVersion: version,
        SigningCertURL: addressOf(held),
        UnsubscribeURL: 'https://a.test',
      }),
    )

function addressIn(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString()) as { SigningCertURL?: unknown }).SigningCertURL)
  } catch {
    return ''
  }
}

function sns(version: string): Peer {
  return {
    library: `sns-validator SignatureVersion ${version}`,
    scheme: `aws-sns-v${version}`,
    keys: fc.constantFrom(...pairs),
    keyAt: ({ body }) => certificateAt(addressIn(body)),
    bodies: message(version).map((each) => Buffer.from(JSON.stringify(each))),
    verifier() {
      const validator = new MessageValidator()
      return ({ body }) =>
        answering(
          () => new Promise((resolve) => validator.validate(body.toString(), (error) => resolve(error === null))),
        )
    },
  }
}

export const snsV1Peer = sns('1')
export const snsV2Peer = sns('2')
