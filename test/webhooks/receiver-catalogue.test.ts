import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lightRequest } from '../../src/core/light.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { judgeAnswer } from '../../src/webhooks/judge-answer.ts'
import { parseJson, valueAt } from '../../src/webhooks/parsed-body.ts'
import { needsSecrets } from '../../src/webhooks/receiver-secrets.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { keysOf } from '../support/scheme-keys.ts'
import { receiving, receivingStartMs } from '../support/receiving.ts'
import { unsignedDeliveries, type Unsigned } from '../support/scheme-delivery.ts'

const providers = webhookProviders.map((provider) => [provider.webhooks.scheme.id, provider] as const)

/** A delivery as it arrives, signed with a key, and a receiver that holds one. */
function meet({ name, webhooks }: WebhookProvider, unsigned: Unsigned, signing: string, held: string) {
  const { scheme } = webhooks
  const { method, url, headers } = unsigned
  const bodiless = method === 'GET' || method === 'HEAD'
  const body = bodiless ? new Uint8Array(0) : new Uint8Array(unsigned.body)
  // Part of the address of Plaid's keys.
  const config = 'environment' in unsigned.config ? { ...unsigned.config, environment: 'sandbox' } : unsigned.config
  const sent = sign(scheme, { secret: signing, body, timestampMs: receivingStartMs, method, url, headers, config })
  const owner = scheme.ownerField && valueAt(parseJson(sent.body), scheme.ownerField.at)
  fc.pre(owner !== '')
  const owned = scheme.ownerField === undefined ? {} : { [scheme.ownerField.config]: String(owner) }
  const request = lightRequest({
    url: sent.url ?? url,
    method,
    headers: sent.headers,
    body: bodiless ? null : new Uint8Array(sent.body),
  })
  const set = receiving({
    provider: { name, webhooks },
    secrets: needsSecrets(scheme) ? [held] : undefined,
    keys: { keysFor: async () => ({ ok: true, keys: [held] }) },
    config: { ...config, ...owned },
  })
  return { ...set, request }
}

describe.each(providers)('a receiver of %s', (_, provider) => {
  const { scheme, delivery } = provider.webhooks
  const deliveries = unsignedDeliveries(scheme)

  test('takes what the provider signs, and answers so that it does not come again', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, keysOf(scheme), async (unsigned, { signing, held }) => {
        const { receive, request, lines, stored } = meet(provider, unsigned, signing, held)
        const answer = await receive(request)
        expect(lines).toHaveLength(1)
        const { outcome } = lines[0] ?? {}
        expect(['stored', 'quarantined', 'empty', 'handshake']).toContain(outcome)
        if (outcome === 'stored' || outcome === 'quarantined') expect(await stored()).not.toHaveLength(0)
        const { status, headers } = answer
        const text = await answer.text()
        if (outcome === 'handshake') return
        expect(judgeAnswer({ status, headers, text }, delivery, receivingStartMs).kind).toBe('taken')
      }),
      { numRuns: 15 },
    )
  })

  test('refuses what somebody else signs, and stores nothing of it', async () => {
    if (scheme.signature.type === 'none') return
    await fc.assert(
      fc.asyncProperty(deliveries, keysOf(scheme), keysOf(scheme), async (unsigned, keys, other) => {
        fc.pre(keys.held !== other.held)
        const { receive, request, lines, stored } = meet(provider, unsigned, other.signing, keys.held)
        const { status } = await receive(request)
        const { outcome } = lines[0] ?? {}
        if (outcome !== 'handshake') expect([status, outcome]).toEqual([401, 'rejected'])
        expect(await stored()).toEqual([])
      }),
      { numRuns: 10 },
    )
  })
})
