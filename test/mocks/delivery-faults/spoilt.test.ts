import { describe, expect, test } from 'vitest'
import { spoilt } from '../../../src/mocks/delivery-faults/spoilt.ts'
import { type Signed } from '../../../src/webhooks/delivery.ts'

const message = (changes: Partial<Record<'body' | 'url', string>> & { headers?: Signed['headers'] } = {}): Signed => ({
  headers: changes.headers ?? { a: '1' },
  url: changes.url ?? 'https://shop.test/hooks?q=1',
  body: new TextEncoder().encode(changes.body ?? '{"n":1}'),
})

/** What is left when what signing added is spoilt like this. */
function left(plain: Signed, signed: Signed, spoil: (value: string) => string | undefined) {
  const { body, ...rest } = spoilt(plain, signed, spoil)
  return { ...rest, body: new TextDecoder().decode(body) }
}

const missing = () => undefined
const short = (value: string) => value.slice(0, -1)

describe('spoilt', () => {
  test('touches headers that signing added or changed, and no other', () => {
    const [plain, signed] = [message(), message({ headers: { a: '1', sig: 'xyz' } })]

    expect(left(plain, signed, missing).headers).toEqual({ a: '1' })
    expect(left(plain, signed, short).headers).toEqual({ a: '1', sig: 'xy' })
    expect(left(signed, message({ headers: { a: '1', sig: 'new' } }), short).headers).toEqual({ a: '1', sig: 'ne' })
  })

  test('touches parameters of the address', () => {
    const signed = message({ url: 'https://shop.test/hooks?q=1&sig=xyz' })

    expect(left(message(), signed, missing).url).toBe('https://shop.test/hooks?q=1')
    expect(left(message(), signed, short).url).toBe('https://shop.test/hooks?q=1&sig=xy')
  })

  test('touches members of JSON, however deep', () => {
    const plain = message({ body: '{"items":[{"n":1,"s":"kept"}]}' })
    const signed = message({ body: '{"items":[{"n":1,"s":"kept","more":{"sig":"xyz"}}]}' })

    expect(left(plain, signed, missing).body).toBe('{"items":[{"n":1,"s":"kept","more":{}}]}')
    expect(left(plain, signed, short).body).toBe('{"items":[{"n":1,"s":"kept","more":{"sig":"xy"}}]}')
  })

  test('touches fields of a form', () => {
    const [plain, signed] = [message({ body: 'a=1' }), message({ body: 'a=1&sig=xyz' })]

    expect(left(plain, signed, missing).body).toBe('a=1')
    expect(left(plain, signed, short).body).toBe('a=1&sig=xy')
  })

  test('takes back a body that it cannot read', () => {
    expect(left(message({ body: '--b' }), message({ body: '--b signed' }), short).body).toBe('--b')
  })

  test('leaves what was not signed as it is', () => {
    expect(spoilt(message(), message(), missing)).toEqual(message())
  })
})
