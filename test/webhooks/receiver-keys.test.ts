import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { lightResponse } from '../../src/core/light.ts'
import { awsSnsV2 } from '../../src/providers/webhooks/aws-sns.ts'
import { makeCertificate } from '../../src/webhooks/make-certificate.ts'
import { type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { delivered, receiving, receivingStartMs } from '../support/receiving.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const name = 'sns.amazonaws.com'
const validity = { notBeforeMs: Date.parse('2000-01-01'), notAfterMs: Date.parse('2049-01-01') }
const certificate = makeCertificate({ name, publicKey, issuer: { name, privateKey }, ...validity })
const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const topic = 'arn:aws:sns:eu-west-1:123456789012:orders'
const certificateUrl = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem'
const subscribeUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t'

function message(more: object = {}): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: 'm-1',
    TopicArn: topic,
    Message: 'hello',
    Timestamp: new Date(receivingStartMs).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: certificateUrl,
    ...more,
  })
}

function setUp({ status = 200, ...options }: Partial<ReceiverOptions> & { readonly status?: number } = {}) {
  const fetched: string[] = []
  const fetch = async (request: Request) => {
    fetched.push(request.url)
    return lightResponse(certificate, { status })
  }
  const set = receiving({ provider: awsSnsV2, secrets: undefined, config: { topic_arn: topic }, fetch, ...options })
  const send = (more: object = {}) => set.receive(delivered({ provider: awsSnsV2, secret, body: message(more) }))
  return { ...set, send, fetched }
}

describe('a receiver whose provider’s keys are fetched', () => {
  test('needs no secret, and fetches a certificate once', async () => {
    const { send, fetched, stored, lines } = setUp()
    expect((await send()).status).toBe(200)
    expect((await send({ MessageId: 'm-2' })).status).toBe(200)
    expect(fetched).toEqual([certificateUrl])
    expect((await stored()).map(({ eventId, type }) => [eventId, type])).toEqual([
      ['m-1', 'Notification'],
      ['m-2', 'Notification'],
    ])
    expect(lines[0]).toMatchObject({ outcome: 'stored', bodySigned: true, replayProtection: 'dedupe-only' })
    expect(lines[0]).not.toHaveProperty('secretIndex')
  })

  test('refuses a key from elsewhere without fetching it', async () => {
    const { send, fetched, lines } = setUp()
    const elsewhere = 'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem'
    expect((await send({ SigningCertURL: elsewhere })).status).toBe(401)
    expect(fetched).toEqual([])
    expect(lines).toMatchObject([{ outcome: 'rejected', reason: 'key_refused' }])
  })

  test('puts a delivery off whose key cannot be had now', async () => {
    const { send, lines, stored } = setUp({ status: 503 })
    const answer = await send()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '8'])
    expect(lines).toMatchObject([{ outcome: 'key_unavailable', cause: 'status_503' }])
    expect(await stored()).toEqual([])
  })

  test('refuses what was changed', async () => {
    const { receive, lines } = setUp()
    const request = delivered({ provider: awsSnsV2, secret, body: message() })
    const text = (await request.text()).replace('hello', 'hullo')
    expect((await receive(new Request(request.url, { method: 'POST', body: text }))).status).toBe(401)
    expect(lines).toMatchObject([{ reason: 'signature_mismatch' }])
  })

  test('refuses what is genuine and somebody else’s', async () => {
    const { send, stored, lines } = setUp()
    expect((await send({ TopicArn: 'arn:aws:sns:eu-west-1:999999999999:mine' })).status).toBe(401)
    expect(lines).toMatchObject([{ reason: 'owner_mismatch' }])
    expect(await stored()).toEqual([])
  })

  test('puts off an account of which nobody said whose deliveries are its own', async () => {
    for (const config of [() => ({}), () => ({ topic_arn: '' })]) {
      const { send, stored, lines } = setUp({ config })
      expect((await send()).status).toBe(503)
      expect(lines).toMatchObject([{ outcome: 'key_unavailable' }])
      expect(await stored()).toEqual([])
    }
    expect((await setUp({ config: () => ({ topic_arn: topic }) }).send()).status).toBe(200)
  })

  test('is not made without knowing whose deliveries are its own', () => {
    expect(() => setUp({ config: {} })).toThrow(/genuine delivery may be anybody's/)
    expect(() => setUp({ config: undefined })).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  test('confirms its own subscription by a visit, and no other', async () => {
    const { send, fetched, stored, lines } = setUp()
    const subscription = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: subscribeUrl }
    expect((await send(subscription)).status).toBe(200)
    expect(fetched).toEqual([certificateUrl, subscribeUrl])
    expect(lines).toMatchObject([{ outcome: 'handshake', handshake: 'visit', status: 200 }])
    expect((await send({ ...subscription, TopicArn: 'arn:aws:sns:eu-west-1:999999999999:mine' })).status).toBe(401)
    expect(fetched).toHaveLength(2)
    expect(await stored()).toEqual([])
  })
})
