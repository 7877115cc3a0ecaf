import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { lightRequest, lightResponse } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Handshake } from '../../src/providers/handshake.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { handshakeRequest } from '../../src/webhooks/handshake-request.ts'
import { acceptsAnswer } from '../../src/webhooks/handshake.ts'
import { makeCertificate } from '../../src/webhooks/make-certificate.ts'
import { type ReceivedRequest } from '../../src/webhooks/place-reader.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { receiving, receivingStartMs } from '../support/receiving.ts'

const url = 'https://shop.test/hooks'
const config = { verify_token: 'known to both', topic_arn: 'arn:aws:sns:eu-west-1:1:ours', query_name: 'key' }
const visitUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1'

const exchanges = webhookProviders.flatMap((provider) =>
  (provider.webhooks.scheme.handshakes ?? []).map((handshake, at): [string, WebhookProvider, Handshake] => [
    `${provider.webhooks.scheme.id} ${at}`,
    provider,
    handshake,
  ]),
)

/** What the provider signs with, and what the receiver holds. */
function keysFor({ scheme }: WebhookProvider['webhooks']): { readonly signing: string; readonly held: string } {
  if (scheme.key.form === 'raw-hex') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const held = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')
    return { signing: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), held }
  }
  if (scheme.key.form === 'x509-url') {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const held = makeCertificate({
      name: 'sns.test',
      publicKey,
      issuer: { name: 'sns.test', privateKey },
      notBeforeMs: receivingStartMs - 1,
      notAfterMs: receivingStartMs + 1,
    })
    return { signing: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), held }
  }
  const secret = scheme.key.id === undefined ? 'canary-9f86d081884c7d65' : 'our-id:canary-9f86d081884c7d65'
  return { signing: secret, held: secret }
}

/** The provider: it opens the handshake, signs it where it does, and keeps what it opened with. */
function opened({ webhooks: { scheme } }: WebhookProvider, handshake: Handshake, signing: string): ReceivedRequest {
  const members =
    handshake.kind === 'visit'
      ? {
          MessageId: 'm-1',
          Message: 'You have chosen to subscribe.',
          Token: '1',
          Timestamp: new Date(receivingStartMs).toISOString(),
          SignatureVersion: scheme.id === 'aws-sns-v1' ? '1' : '2',
          SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/key.pem',
        }
      : {}
  const request = handshakeRequest(scheme, handshake, { url, random: seededRandom(1), config, visitUrl, members })
  if (!handshake.signed) return request
  const { method, headers, body } = request
  const given = { secret: signing, timestampMs: receivingStartMs, method, url: request.url, config }
  const signed = sign(scheme, { ...given, body, headers: Object.fromEntries(headers) })
  return { method, url: signed.url ?? request.url, headers: new Headers(signed.headers), body: signed.body }
}

const asRequest = ({ method, url, headers, body }: ReceivedRequest) =>
  lightRequest({ method, url, headers, body: body.length === 0 ? null : new Uint8Array(body) })

const seen = async (answer: Response) => ({
  status: answer.status,
  headers: answer.headers,
  body: await answer.text(),
})

/** A receiver of the provider, with what it did. */
function met(provider: WebhookProvider, { kind }: Handshake, held: string) {
  const visited: string[] = []
  const kept: string[] = []
  const isFetched = provider.webhooks.scheme.key.form === 'x509-url'
  const receiver = receiving({
    provider,
    config: () => config,
    secrets: isFetched ? undefined : kind === 'capture' ? () => [] : [held],
    keys: isFetched ? { keysFor: async () => ({ ok: true, keys: [held] }) } : undefined,
    onSecret: (secret: string) => void kept.push(secret),
    fetch: async (request) => {
      visited.push(request.url)
      return lightResponse('', { status: 200 })
    },
  })
  return { ...receiver, visited, kept }
}

test.each(exchanges)(
  '%s gets the answer that its provider wants, and no event comes of it',
  async (_, provider, handshake) => {
    const { signing, held } = keysFor(provider.webhooks)
    const { receive, stored, lines, visited, kept } = met(provider, handshake, held)
    const request = opened(provider, handshake, signing)
    const answer = await seen(await receive(asRequest(request)))

    const captures = handshake.kind === 'capture'
    const keys = { secrets: captures ? [] : [held], config }
    expect(acceptsAnswer(provider.webhooks.scheme, handshake, request, answer, keys)).toBe(true)
    expect(lines).toMatchObject([{ outcome: 'handshake', handshake: handshake.kind }])
    expect(await stored()).toEqual([])
    expect(visited).toEqual(handshake.kind === 'visit' ? [visitUrl] : [])
    expect(kept).toHaveLength(captures ? 1 : 0)
    expect(JSON.stringify(lines)).not.toContain('canary')
  },
)

test.each(exchanges.filter(([, , { signed }]) => signed))(
  "%s gets 401 where the signature is not the provider's own",
  async (_, provider, handshake) => {
    const { signing, held } = keysFor(provider.webhooks)
    const other = keysFor(provider.webhooks).signing
    const wrong = other === signing ? `${signing.slice(0, -1)}X` : other
    const { receive, stored, visited } = met(provider, handshake, held)
    const answer = await receive(asRequest(opened(provider, handshake, wrong)))
    expect(answer.status).toBe(401)
    if (handshake.alsoForged === true) expect(await answer.text()).toBe('')
    expect([await stored(), visited]).toEqual([[], []])
  },
)
