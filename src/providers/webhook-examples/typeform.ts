import { type WebhookExample } from '../webhook-example.ts'

export const typeform: readonly WebhookExample[] = [
  {
    type: 'form_response',
    json: {
      event_id: 'LtWXD3crgy',
      event_type: 'form_response',
      form_response: {
        form_id: 'lT4Z3j',
        token: 'a3a12ec67a1365927098a606107fac15',
        landed_at: '2026-01-15T09:29:00Z',
        submitted_at: '2026-01-15T09:30:00Z',
        definition: {
          id: 'lT4Z3j',
          title: 'About fences',
          fields: [{ id: 'DlXFaesGBpoF', title: 'How high?', type: 'number' }],
        },
        answers: [{ type: 'number', number: 180, field: { id: 'DlXFaesGBpoF', type: 'number' } }],
      },
    },
  },
]
