import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DeliveryTools } from '../../../src/webhooks/delivery.ts'
import {
  deliveryFaultLaws,
  made,
  pendingDelivery,
  readableSignature,
  textOfBody,
} from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'tamper' })

const tampered = (text: string) =>
  textOfBody(made({ kind: 'tamper' }, pendingDelivery({ body: new TextEncoder().encode(text) }))[0])

describe('tamper', () => {
  test('changes the body after it was signed', () => {
    const [sent] = made({ kind: 'tamper' })

    expect(sent).toMatchObject({ sealed: true, genuine: false })
    expect(sent?.headers['signature']).toBe(readableSignature(pendingDelivery()))
    expect(textOfBody(sent)).not.toBe(textOfBody(pendingDelivery()))
  })

  test.each([
    ['{"created":1,"amount":1200}', '{"created":1,"amount":9200}'],
    ['{"id":"a","amount_received": 9}', '{"id":"a","amount_received": 8}'],
    ['{"id":"a","amount":0,"n":5}', '{"id":"a","amount":0,"n":9}'],
    ['{"name":"über"}', '{"xame":"über"}'],
    ['[false,"a"]', '[false,"x"]'],
    ['{"id":"xenon"}', '{"id":"yenon"}'],
    ['[]', '[] '],
  ])('makes of %s what matters most: %s', (text, expected) => {
    expect(tampered(text)).toBe(expected)
  })

  test('always changes the bytes and keeps JSON what it is', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = tampered(json)
        expect(text).not.toBe(json)
        expect(() => JSON.parse(text) as unknown).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  test('changes what the signature covers, and leaves the signature that stands beside it', () => {
    const sign: DeliveryTools['sign'] = ({ headers, body, url }) => {
      const data = JSON.parse(new TextDecoder().decode(body)) as { covered: string }
      return { headers, url, body: new TextEncoder().encode(JSON.stringify({ ...data, sig: `of ${data.covered}` })) }
    }
    const body = new TextEncoder().encode('{"amount":1200,"covered":"abc"}')
    const [sent] = made({ kind: 'tamper' }, pendingDelivery({ body }), { sign })

    expect(JSON.parse(textOfBody(sent))).toEqual({ amount: 1200, covered: 'xbc', sig: 'of abc' })
    expect(sent?.note).toBe('tampered with')
  })

  test('where no signature covers the body, changes the most harmful place, and says so', () => {
    const [sent] = made({ kind: 'tamper' }, pendingDelivery(), { bodySigned: false })

    expect(textOfBody(sent)).toContain('"amount":9200')
    expect(sent?.note).toBe('tampered with, which no signature tells')
  })
})
