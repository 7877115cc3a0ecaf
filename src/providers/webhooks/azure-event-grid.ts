import { dayMs, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Azure Event Grid: validation handshake; optional Entra token or query secret. */
export const azureEventGrid: WebhookProvider = {
  name: 'azure-event-grid',
  title: 'Azure Event Grid',
  webhooks: {
    scheme: {
      id: 'azure-event-grid',
      title: 'validation handshake; optional Entra token or query secret',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'query', name: '{config:query_name}' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      event: { id: '/*/id', type: '/*/eventType', time: '/*/eventTime' },
      handshakes: [
        {
          kind: 'echo',
          request: {
            method: 'POST',
            when: [{ at: 'header:aeg-event-type', is: 'SubscriptionValidation' }, { at: '/0/data/validationCode' }],
          },
          signed: true,
          challenge: { at: '/0/data/validationCode' },
          answer: { json: { validationResponse: '{challenge}' } },
          answerWithinMs: 30_000,
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Microsoft Learn Event Grid delivery and endpoint validation',
      sources: ['github MicrosoftDocs/azure-docs event-grid'],
      notes: ['CloudEvents schema uses OPTIONS with WebHook-Request-Origin instead (general knowledge, not checked)'],
    },
    delivery: {
      success: [200, 201, 202, 203, 204],
      timeoutMs: 30 * secondMs,
      retryAfterMs: [
        10 * secondMs,
        30 * secondMs,
        1 * minuteMs,
        5 * minuteMs,
        10 * minuteMs,
        30 * minuteMs,
        ...Array<number>(23).fill(1 * hourMs),
      ],
      windowMs: dayMs,
      stop: { statuses: [400, 413] },
      basis: 'documented',
      notes: [
        'at most 30 attempts',
        'what is given up is discarded unless a dead letter destination is set up',
        'at least once',
      ],
    },
  },
}
