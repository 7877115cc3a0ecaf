import { secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** GitHub: X-Hub-Signature-256. */
export const github: WebhookProvider = {
  name: 'github',
  title: 'GitHub',
  webhooks: {
    scheme: {
      id: 'github',
      title: 'X-Hub-Signature-256',
      request: {
        method: 'POST',
        contentType: 'application/json',
        otherContentTypes: ['application/x-www-form-urlencoded'],
      },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Hub-Signature-256' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'sha256=',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'verifyWithFallback tries additional secrets',
      event: { id: 'header:X-GitHub-Delivery', type: 'header:X-GitHub-Event' },
      handshakes: [
        {
          kind: 'acknowledge',
          request: { method: 'POST', when: [{ at: 'header:X-GitHub-Event', is: 'ping' }] },
          signed: true,
          answer: { status: 200 },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: '@octokit/webhooks-methods 6.0.0 sign, verify, verifyWithFallback',
      sources: ['npm @octokit/webhooks-methods 6.0.0'],
      notes: [
        'legacy X-Hub-Signature with SHA-1 is sent beside it',
        'form content type: payload=<urlencoded JSON>; the raw form bytes are signed',
        'SDK refuses an empty body',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 10 * secondMs,
      retryAfterMs: [],
      basis: 'secondary',
      notes: ['nothing is repeated by itself; for three days somebody can ask for it, under the same delivery id'],
    },
  },
}
