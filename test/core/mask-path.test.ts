import { describe, expect, test } from 'vitest'
import { maskPath } from '../../src/core/mask-path.ts'

describe('maskPath', () => {
  test.each([
    ['a Telegram bot', '/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage', '/bot***/sendMessage'],
    ['the same, escaped', '/bot110201543%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe', '/bot***/getMe'],
    ['a Slack hook', '/services/T0000AAAA/B0000BBBB/xYz1AbCdEfGhIjKlMnOpQr2S', '/services/T0000AAAA/B0000BBBB/***'],
    [
      'a Discord hook',
      '/api/webhooks/112233445566778899/Ab1-cD2_eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3-aB4cD5eF6gH7iJ8kL9mN0oP1',
      '/api/webhooks/112233445566778899/***',
    ],
    ["a secret key of Stripe's", '/v1/sk_test_51AbCdEfGhIjKlMnOp', '/v1/sk_test_***'],
    [
      "a client secret of Stripe's",
      '/pi_3MtwBwLkdIwHu7ix_secret_YrKJUKribcBjcG8HVhfZ',
      '/pi_3MtwBwLkdIwHu7ix_secret_***',
    ],
    ['a JSON Web Token', '/verify/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '/verify/eyJ***'],
    ['two secrets', '/a/xYz1AbCdEfGhIjKlMnOpQr2S/b/xYz1AbCdEfGhIjKlMnOpQr2S', '/a/***/b/***'],
    ['hexadecimal', '/hooks/0123456789abcdef0123456789abcdef01234567', '/hooks/***'],
  ])('hides what lets in: %s', (_, path, shown) => {
    expect(maskPath(path)).toBe(shown)
  })

  test.each([
    '/',
    '/v1/payment_intents/pi_3MtwBwLkdIwHu7ix28a3tqPa/confirm',
    '/v1/customers/cus_NffrFeUfNV2Hib',
    '/v1/checkout/sessions/cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u',
    '/orders/8f14e45f-ceea-467f-a0e6-1b2c3d4e5f60',
    '/articles/how-to-take-payments-in-2026-with-care',
    '/users/5f43a1b2c3d4e5f6a7b8c9d0',
    '/calendar/thirtySecondReminderOfEverything',
  ])('leaves words and ids: %s', (path) => {
    expect(maskPath(path)).toBe(path)
  })
})
