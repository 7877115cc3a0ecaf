import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSecret, looksSecret } from '../../src/contracts/secrets.ts'

test.each([
  'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  'whsec_abc',
  'pi_1_secret_2',
  'Bearer abc',
  'Basic dXNlcjpwYXNz',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  '-----BEGIN PRIVATE KEY-----',
  'postgres://user:pass@db.test/shop',
  'card 4000-0566-5566-5556, please',
  '0123456789abcdef0123456789abcdef',
])('%s looks secret', (text) => {
  expect(looksSecret(text)).toBe(true)
})

test.each([
  'Ada Lovelace',
  'pm_card_visa',
  'cus_NffrFeUfNV2Hib',
  'pi_7wfv0t2yLp6vAI8GtNBHcfnI',
  '4242424242424241',
  '1767225600000',
  '9f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b',
  'https://shop.test/orders/1',
  '',
])('%s does not', (text) => {
  expect(looksSecret(text)).toBe(false)
})

test.each(['password', 'card[cvc]', 'client_secret', 'accessToken', 'X-Api-Key', 'bank.account_number', 'sig'])(
  'whatever %s holds is secret',
  (name) => {
    expect(isSecret(name, 'x')).toBe(true)
    expect(isSecret(name, '')).toBe(false)
  },
)

test.each(['amount', 'payment_method', 'currency', 'keyboard', 'spinning', 'designation'])(
  '%s may be shown',
  (name) => {
    expect(isSecret(name, 'x')).toBe(false)
  },
)

test('every card number is found, however it is written and wherever it stands', () => {
  const digits = fc.array(fc.nat({ max: 9 }), { minLength: 12, maxLength: 18 })
  fc.assert(
    fc.property(digits, fc.constantFrom('', ' ', '-'), (start, between) => {
      const sum = start
        .toReversed()
        .reduce((sum, digit, i) => sum + (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]! : digit), 0)
      const number = [...start, (10 - (sum % 10)) % 10].join(between)
      expect(looksSecret(`note: ${number}.`)).toBe(true)
    }),
  )
})
