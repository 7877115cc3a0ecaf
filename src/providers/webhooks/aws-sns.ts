import { type DeliveryFacts } from '../delivery-facts.ts'
import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

const delivery: DeliveryFacts = {
  success: '2xx',
  timeoutMs: 15 * secondMs,
  retryAfterMs: [20 * secondMs, 20 * secondMs, 20 * secondMs],
  windowMs: 1 * minuteMs,
  basis: 'documented',
  assumed: ['timeoutMs'],
  notes: [
    'the default policy; another may go on for an hour in all',
    'what is given up is discarded unless a dead-letter queue is attached',
    'duplicates are possible',
  ],
}

/** AWS SNS: SignatureVersion 1. */
export const awsSnsV1: WebhookProvider = {
  name: 'aws-sns',
  title: 'AWS SNS',
  webhooks: {
    scheme: {
      id: 'aws-sns-v1',
      title: 'SignatureVersion 1',
      request: { method: 'POST', contentType: 'text/plain; charset=UTF-8' },
      signature: {
        type: 'rsa',
        hash: 'sha1',
        carrier: { in: 'json', name: '/Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{fields_lines}',
      bodyForm: 'parsed-fields',
      key: {
        role: 'certificate',
        form: 'x509-url',
        urlFrom: { in: 'json', name: '/SigningCertURL' },
        urlMust: { host: 'sns\\.[a-z0-9-]{3,}\\.amazonaws\\.com(\\.cn)?', pathEnd: '.pem' },
      },
      timestamp: {
        carrier: { in: 'json', name: '/Timestamp' },
        unit: 'iso8601',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      versionField: { at: '/SignatureVersion', value: '1' },
      ownerField: { at: '/TopicArn', config: 'topic_arn' },
      signedFields: {
        line: '{name}\n{value}\n',
        by: '/Type',
        of: {
          Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
          SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
          UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
        },
      },
      rotation: 'certificate URL changes; cache by URL',
      event: { id: '/MessageId', type: '/Type', time: '/Timestamp' },
      handshakes: [
        {
          kind: 'visit',
          request: { method: 'POST', when: [{ at: '/Type', is: 'SubscriptionConfirmation' }] },
          signed: true,
          // Anybody's topic is signed by the same keys: which one is ours only its owner knows.
          expects: { at: '/TopicArn', config: 'topic_arn' },
          urlAt: '/SubscribeURL',
          allowed: { host: String.raw`sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?` },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: 'sns-validator 0.3.5 and sns-payload-validator 2.1.0',
      sources: [
        'npm sns-validator 0.3.5',
        'npm sns-payload-validator 2.1.0',
        'docs.aws.amazon.com SNS message delivery retries',
      ],
      notes: [
        'header x-amz-sns-message-type repeats Type',
        'MessageAttributes and UnsubscribeURL are not signed',
        'sns-validator refuses a correctly signed UnsubscribeConfirmation because it leaves Token out; sns-payload-validator accepts it',
      ],
    },
    delivery,
  },
}

/** AWS SNS: SignatureVersion 2. */
export const awsSnsV2: WebhookProvider = {
  name: 'aws-sns',
  title: 'AWS SNS',
  webhooks: {
    scheme: {
      id: 'aws-sns-v2',
      title: 'SignatureVersion 2',
      request: { method: 'POST', contentType: 'text/plain; charset=UTF-8' },
      signature: {
        type: 'rsa',
        hash: 'sha256',
        carrier: { in: 'json', name: '/Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{fields_lines}',
      bodyForm: 'parsed-fields',
      key: {
        role: 'certificate',
        form: 'x509-url',
        urlFrom: { in: 'json', name: '/SigningCertURL' },
        urlMust: { host: 'sns\\.[a-z0-9-]{3,}\\.amazonaws\\.com(\\.cn)?', pathEnd: '.pem' },
      },
      timestamp: {
        carrier: { in: 'json', name: '/Timestamp' },
        unit: 'iso8601',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      versionField: { at: '/SignatureVersion', value: '2' },
      ownerField: { at: '/TopicArn', config: 'topic_arn' },
      signedFields: {
        line: '{name}\n{value}\n',
        by: '/Type',
        of: {
          Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
          SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
          UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
        },
      },
      rotation: 'certificate URL changes; cache by URL',
      event: { id: '/MessageId', type: '/Type', time: '/Timestamp' },
      handshakes: [
        {
          kind: 'visit',
          request: { method: 'POST', when: [{ at: '/Type', is: 'SubscriptionConfirmation' }] },
          signed: true,
          // Anybody's topic is signed by the same keys: which one is ours only its owner knows.
          expects: { at: '/TopicArn', config: 'topic_arn' },
          urlAt: '/SubscribeURL',
          allowed: { host: String.raw`sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?` },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: 'sns-validator 0.3.5 and sns-payload-validator 2.1.0',
      sources: [
        'npm sns-validator 0.3.5',
        'npm sns-payload-validator 2.1.0',
        'docs.aws.amazon.com SNS message delivery retries',
      ],
      notes: [
        'header x-amz-sns-message-type repeats Type',
        'MessageAttributes and UnsubscribeURL are not signed',
        'sns-validator refuses a correctly signed UnsubscribeConfirmation because it leaves Token out; sns-payload-validator accepts it',
      ],
    },
    delivery,
  },
}
