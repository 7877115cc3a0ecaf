import { type WebhookExample } from '../webhook-example.ts'

export const braintree: readonly WebhookExample[] = [
  {
    type: 'subscription_charged_successfully',
    text: '<notification><kind>subscription_charged_successfully</kind><timestamp type="datetime">2026-01-15T09:30:00Z</timestamp><subject><subscription><id>sub-1042</id><price>24.00</price><status>Active</status></subscription></subject></notification>',
  },
]
