import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Zoom: x-zm-signature v0. */
export const zoom: WebhookProvider = {
  name: 'zoom',
  title: 'Zoom',
  webhooks: {
    scheme: {
      id: 'zoom',
      title: 'x-zm-signature v0',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-zm-signature' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'v0=',
        hexCase: 'exact',
      },
      signedContent: 'v0:{ts}:{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'x-zm-request-timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      event: { type: '/event', time: '/event_ts' },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'POST', when: [{ at: '/event', is: 'endpoint.url_validation' }] },
          signed: true,
          challenge: { at: '/payload/plainToken' },
          hmac: 'sha256',
          answer: { json: { plainToken: '{challenge}', encryptedToken: '{hmac}' } },
          answerWithinMs: 3_000,
        },
      ],
      confidence: 'verified',
      verifiedAgainst: '@zoom/rivet 0.4.0 AwsLambdaReceiver; zoom/webhook-sample',
      sources: ['npm @zoom/rivet 0.4.0', 'github zoom/webhook-sample index.js', 'devsupport.zoom.us 360059893812'],
      notes: [
        'the official SDK and sample both sign JSON.stringify(parsed body), so bytes that are not canonical fail there though raw-byte checking passes',
        'x-zm-trackingid identifies the delivery',
        'event_ts is in milliseconds',
      ],
    },
    delivery: {
      success: [200, 204],
      timeoutMs: 3 * secondMs,
      retryAfterMs: [5 * minuteMs, 20 * minuteMs, 60 * minuteMs],
      windowMs: 85 * minuteMs,
      basis: 'documented',
    },
  },
}
