import { doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Microsoft Graph: clientState. */
export const msgraph: WebhookProvider = {
  name: 'msgraph',
  title: 'Microsoft Graph',
  webhooks: {
    scheme: {
      id: 'msgraph',
      title: 'clientState',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'json', name: '/clientState' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      items: '/value/*',
      rotation: 'none',
      event: { type: '/value/*/changeType', thin: true },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'POST', when: [{ at: 'query:validationToken' }] },
          signed: false,
          challenge: { at: 'query:validationToken', matches: String.raw`[\w .,:;~+/=@()-]{1,1024}` },
          answer: { text: '{challenge}' },
          answerWithinMs: 10_000,
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Microsoft Learn "Receive change notifications through webhooks"',
      sources: ['github microsoftgraph/microsoft-graph-docs-contrib change-notifications-delivery-webhooks.md'],
      notes: [
        'rich notifications add /validationTokens, JWTs of Microsoft Entra (not covered here)',
        'every item must carry the value',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 3 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: hourMs, withinMs: 4 * hourMs }),
      windowMs: 4 * hourMs,
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: ['slow endpoints are throttled'],
    },
  },
}
