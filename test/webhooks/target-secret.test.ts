import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { checkingSecret, isAsymmetric, targetSecret } from '../../src/webhooks/target-secret.ts'

const schemes = webhookProviders.map(({ webhooks }) => [webhooks.scheme.id, webhooks.scheme] as const)

describe('a secret that is drawn', () => {
  test.each(schemes)('for %s is what the receiver has to know again after every start', (_id, scheme) => {
    const checking = (seed: number) => {
      const secret = targetSecret(scheme, seededRandom(seed, 'secret'))
      return checkingSecret(scheme, secret)
    }

    expect(checking(1)).toBe(checking(1))
    if (scheme.key.role !== 'none') expect(checking(1)).not.toBe(checking(2))
  })

  const asymmetric = schemes.filter(([, scheme]) => isAsymmetric(scheme))
  test.each(asymmetric)('for %s is no secret on the side of the receiver', (_id, scheme) => {
    const secret = targetSecret(scheme, seededRandom(1, 'secret'))
    const checking = checkingSecret(scheme, secret) ?? ''

    expect(secret).toMatch(/PRIVATE KEY|"d":/)
    expect(checking).not.toMatch(/PRIVATE KEY|"d":/)
    expect(checking).not.toBe('')
    expect(checkingSecret(scheme, 'no key at all')).toBeUndefined()
  })
})
