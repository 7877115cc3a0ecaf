import { type WebhookExample } from '../webhook-example.ts'

export const dropboxSign: readonly WebhookExample[] = [
  {
    type: 'signature_request_signed',
    json: {
      event: {
        event_time: '1768470000',
        event_type: 'signature_request_signed',
        event_metadata: {
          related_signature_id: 'ad4d8a769b555fa5ef38691465d426820d5a9b3e',
          reported_for_account_id: '63522885f9261e2b04eea043933ee7313eb674fd',
        },
      },
      signature_request: {
        signature_request_id: 'fa5c8a0b0f492d768749333ad6fcc214c111e967',
        title: 'The fence',
        is_complete: false,
      },
    },
  },
]
