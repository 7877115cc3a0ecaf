import { describe, expect, test } from 'vitest'
import { deliveryFaultLaws, made, pendingDelivery, textOfBody } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'forge' })
deliveryFaultLaws({ kind: 'forge', type: 'payment_intent.succeeded', signature: 'short' })

describe('forge', () => {
  test('comes ahead of the genuine delivery, which it leaves alone', () => {
    const [forged, genuine] = made({ kind: 'forge' })

    expect(forged).toMatchObject({ id: 'whd_1.1-forged', genuine: false, sealed: true })
    expect(genuine).toEqual(pendingDelivery())
  })

  test('is a new event of the same shape', () => {
    const [forged] = made({ kind: 'forge' })
    const [theirs, ours] = [forged, pendingDelivery()].map((each) => JSON.parse(textOfBody(each)) as { id: string })

    expect(theirs?.id).toMatch(/^evt_[A-Za-z0-9]{14}$/)
    expect(theirs?.id).toBe(forged?.event)
    expect({ ...theirs, id: ours?.id }).toEqual(ours)
  })

  test('of another type has the status that the type says', () => {
    const [forged] = made({ kind: 'forge', type: 'payment_intent.succeeded' })

    expect(forged?.type).toBe('payment_intent.succeeded')
    expect(JSON.parse(textOfBody(forged))).toMatchObject({
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_1', status: 'succeeded', amount: 1200, amount_received: 1200 } },
    })
  })

  test.each([
    ['wrong-secret', /^whsec_\w{32} 18\d+ \w{8}$/],
    ['short', /^whsec_\w{32} 18\d+ \w{7}$/],
    ['empty', /^$/],
  ] as const)('with signature %s sends %s', (signature, expected) => {
    const [forged] = made({ kind: 'forge', signature })

    expect(forged?.headers['signature']).toMatch(expected)
    expect(forged?.headers['signature']).not.toContain('own')
  })

  test('short is one character less than a signature is', () => {
    const [[whole], [short]] = [made({ kind: 'forge' }), made({ kind: 'forge', signature: 'short' })]

    expect(short?.headers['signature']).toBe(whole?.headers['signature']?.slice(0, -1))
  })

  test('with a missing signature has no header for it', () => {
    expect(made({ kind: 'forge', signature: 'missing' })[0]?.headers).toEqual({})
  })

  test.each(['not json', '[]', 'null'])('of the body %s takes the body as it is', (text) => {
    const genuine = pendingDelivery({ body: new TextEncoder().encode(text) })
    const [forged] = made({ kind: 'forge' }, genuine)

    expect(textOfBody(forged)).toBe(text)
    expect(forged?.event).not.toBe(genuine.event)
  })
})
