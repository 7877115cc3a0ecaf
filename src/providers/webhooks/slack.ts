import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Slack: X-Slack-Signature v0. */
export const slack: WebhookProvider = {
  name: 'slack',
  title: 'Slack',
  webhooks: {
    scheme: {
      id: 'slack',
      title: 'X-Slack-Signature v0',
      request: {
        method: 'POST',
        contentType: 'application/json',
        otherContentTypes: ['application/x-www-form-urlencoded'],
      },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Slack-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'v0=',
        hexCase: 'exact',
      },
      signedContent: 'v0:{ts}:{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'X-Slack-Request-Timestamp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'none',
      event: { id: '/event_id', type: '/event/type', time: '/event_time' },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'POST', when: [{ at: '/type', is: 'url_verification' }] },
          signed: true,
          challenge: { at: '/challenge' },
          answer: { text: '{challenge}' },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: '@slack/bolt 5.1.0 verifySlackRequest',
      sources: ['npm @slack/bolt 5.1.0 receivers/verify-request.js'],
      notes: [
        'slash commands and interactivity are form-encoded; raw bytes are signed',
        'SDK never rejects future timestamps',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 3 * secondMs,
      retryAfterMs: [1 * secondMs, 1 * minuteMs, 5 * minuteMs],
      stop: { header: { name: 'X-Slack-No-Retry', value: '1' } },
      attemptHeaders: {
        number: 'X-Slack-Retry-Num',
        reason: {
          name: 'X-Slack-Retry-Reason',
          timeout: 'http_timeout',
          noAnswer: 'connection_failed',
          status: 'http_error',
        },
      },
      basis: 'secondary',
      notes: ['the first retry comes almost at once', 'duplicates are possible: dedupe on event_id'],
    },
  },
}
