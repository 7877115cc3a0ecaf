import { type WebhookExample } from '../webhook-example.ts'

const event = {
  eventId: 3816279340,
  subscriptionId: 25,
  portalId: 33,
  appId: 1160452,
  occurredAt: 1768470000000,
  attemptNumber: 0,
  objectId: 46987,
  changeSource: 'CRM_UI',
}

export const hubspot: readonly WebhookExample[] = [
  { type: 'contact.creation', json: [{ ...event, subscriptionType: 'contact.creation', changeFlag: 'NEW' }] },
  {
    type: 'contact.propertyChange',
    json: [
      {
        ...event,
        subscriptionType: 'contact.propertyChange',
        propertyName: 'lifecyclestage',
        propertyValue: 'customer',
      },
    ],
  },
]
