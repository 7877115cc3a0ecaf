import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Typeform: Typeform-Signature. */
export const typeform: WebhookProvider = {
  name: 'typeform',
  title: 'Typeform',
  webhooks: {
    scheme: {
      id: 'typeform',
      title: 'Typeform-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Typeform-Signature' },
        syntax: 'bare',
        encoding: 'base64',
        prefix: 'sha256=',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/event_id', type: '/event_type', time: '/form_response/submitted_at', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'secondary: hookdeck and trigger.dev pages on Typeform, Typeform staff gist',
      sources: ['gist picsoung/b56e19fb', 'trigger.dev docs'],
      notes: ['prefix says sha256= but the digest is base64, unlike GitHub'],
    },
    delivery: unknownDelivery,
  },
}
