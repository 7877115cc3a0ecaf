import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { judge, schemeLaws, sentDeliveries } from '../suites/scheme.ts'
import { bodyText, withBodyText } from '../support/signed-places.ts'
import { bodyChanges, passing } from './unsigned-changes.ts'

const schemes = webhookProviders.map(({ webhooks }) => webhooks.scheme)

for (const scheme of schemes) schemeLaws(scheme)

describe('a body that was changed on the way', () => {
  test.each(schemes.filter(({ signature }) => signature.type !== 'none'))(
    'passes as $id where the table says so, and nowhere else',
    (scheme) => {
      const unmet = new Set(passing[scheme.id])
      fc.assert(
        fc.property(sentDeliveries(scheme), (delivery) => {
          const before = bodyText(scheme, delivery)
          for (const name of Object.keys(bodyChanges) as (keyof typeof bodyChanges)[]) {
            const after = bodyChanges[name](before)
            if (after === undefined || after === before) continue
            const isListed = passing[scheme.id]?.includes(name) === true
            const { ok } = judge(scheme, withBodyText(scheme, delivery, after))
            expect({ name, ok }).toEqual({ name, ok: isListed })
            unmet.delete(name)
          }
        }),
      )
      expect({ neverMet: [...unmet] }).toEqual({ neverMet: [] })
    },
  )

  test('is known to have passed where nothing of it is signed', () => {
    const bodySigned = (id: string) => schemes.find((scheme) => scheme.id === id)?.bodyForm !== 'not-signed'
    const whole = Object.keys(passing).filter((id) => passing[id]?.includes('another JSON') === true)
    expect(whole.filter(bodySigned)).toEqual([])
  })
})
