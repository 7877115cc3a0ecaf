import { type WebhookExample } from '../webhook-example.ts'

export const appleAppStoreV2: readonly WebhookExample[] = [
  {
    type: 'DID_RENEW',
    json: {
      notificationType: 'DID_RENEW',
      subtype: 'BILLING_RECOVERY',
      notificationUUID: '002e14d5-51f5-4503-b5a8-c3a1af68eb20',
      version: '2.0',
      signedDate: 1768470000000,
      data: { appAppleId: 1042, bundleId: 'com.example.fences', bundleVersion: '1.0.0', environment: 'Sandbox' },
    },
  },
]
