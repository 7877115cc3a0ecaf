import { type WebhookExample } from '../webhook-example.ts'

const transmission = {
  'PAYPAL-TRANSMISSION-ID': '5b3a1c40-f201-11f0-9d2c-0242ac110002',
  'PAYPAL-CERT-URL': 'https://api.paypal.com/v1/notifications/certs/CERT-goodfence',
}
const amount = { currency_code: 'EUR', value: '24.00' }

export const paypal: readonly WebhookExample[] = [
  {
    type: 'PAYMENT.CAPTURE.COMPLETED',
    headers: transmission,
    idHeaders: ['PAYPAL-TRANSMISSION-ID'],
    json: {
      id: 'WH-58D329510W468432D-8HN650336L201105X',
      event_version: '1.0',
      resource_version: '2.0',
      create_time: '2026-01-15T09:30:00.000Z',
      resource_type: 'capture',
      event_type: 'PAYMENT.CAPTURE.COMPLETED',
      summary: 'Payment completed for EUR 24.0',
      resource: { id: '42311647XV020574X', status: 'COMPLETED', amount, final_capture: true, custom_id: 'order-1042' },
    },
  },
  {
    type: 'CHECKOUT.ORDER.APPROVED',
    headers: transmission,
    idHeaders: ['PAYPAL-TRANSMISSION-ID'],
    json: {
      id: 'WH-COC11055RA711503B-4YM959094A144403T',
      event_version: '1.0',
      resource_version: '2.0',
      create_time: '2026-01-15T09:30:00.000Z',
      resource_type: 'checkout-order',
      event_type: 'CHECKOUT.ORDER.APPROVED',
      summary: 'An order has been approved by the buyer',
      resource: {
        id: '5O190127TN364715T',
        status: 'APPROVED',
        intent: 'CAPTURE',
        purchase_units: [{ reference_id: 'order-1042', amount }],
      },
    },
  },
]
