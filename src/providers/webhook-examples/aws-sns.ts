import { type WebhookExample } from '../webhook-example.ts'

const topic = 'arn:aws:sns:eu-west-1:123456789012:orders'

function notification(version: '1' | '2'): WebhookExample {
  return {
    type: 'Notification',
    headers: { 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-topic-arn': topic },
    json: {
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: topic,
      Subject: 'An order was paid',
      Message: '{"order":"order-1042","amount":2400}',
      Timestamp: '2026-01-15T09:30:00.000Z',
      SignatureVersion: version,
      SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-goodfence.pem',
      UnsubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${topic}:c9135db0`,
    },
  }
}

export const awsSnsV1: readonly WebhookExample[] = [notification('1')]
export const awsSnsV2: readonly WebhookExample[] = [notification('2')]
