import { unknownDelivery } from '../delivery-facts.ts'
import { secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** GitLab: webhook-id / webhook-timestamp / webhook-signature. */
export const gitlabSigningToken: WebhookProvider = {
  name: 'gitlab',
  title: 'GitLab',
  webhooks: {
    scheme: {
      id: 'gitlab-signing-token',
      title: 'webhook-id / webhook-timestamp / webhook-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'webhook-signature' },
        syntax: 'list',
        encoding: 'base64',
        prefix: 'v1,',
        itemSeparator: ' ',
        match: 'any',
      },
      signedContent: '{id}.{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'base64', prefix: 'whsec_', prefixIsPartOfKey: false },
      timestamp: {
        carrier: { in: 'header', name: 'webhook-timestamp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      messageId: { in: 'header', name: 'webhook-id' },
      rotation: 'space-separated list; entries with an unknown version are skipped; any v1 match counts',
      event: { id: 'header:webhook-id', type: 'header:X-Gitlab-Event' },
      confidence: 'documented',
      verifiedAgainst: 'GitLab merge request 230944 (signing token), judged with standardwebhooks 1.1.1',
      sources: ['gitlab.com gitlab-org/gitlab merge request 230944, work item 19367'],
      notes: ['newer alternative to the plain token; behind a feature flag when introduced'],
    },
    delivery: unknownDelivery,
  },
}

/** GitLab: X-Gitlab-Token. */
export const gitlabToken: WebhookProvider = {
  name: 'gitlab',
  title: 'GitLab',
  webhooks: {
    scheme: {
      id: 'gitlab-token',
      title: 'X-Gitlab-Token',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'header', name: 'X-Gitlab-Token' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: 'header:X-Gitlab-Event-UUID', type: 'header:X-Gitlab-Event' },
      confidence: 'documented',
      verifiedAgainst: 'GitLab docs and merge request 230944',
      sources: ['gitlabhq doc/user/project/integrations/webhooks.md', 'gitlab.com merge request 230944'],
    },
    delivery: {
      ...unknownDelivery,
      timeoutMs: 10 * secondMs,
      basis: 'secondary',
      assumed: ['retryAfterMs'],
      notes: ['duplicates are possible: the header Idempotency-Key stays the same'],
    },
  },
}
