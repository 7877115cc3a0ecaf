import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { type Scheme } from '../../src/providers/scheme.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { vonageSms } from '../../src/providers/webhooks/vonage.ts'
import { sign, verify } from '../../src/webhooks/signature.ts'

const { scheme } = stripe.webhooks
const stripeSecret = fc.stringMatching(/^whsec_[0-9a-f]{32,64}$/)

describe('a signature of Stripe', () => {
  const { webhooks } = new Stripe('sk_test_unused')
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    .filter((body) => !body.startsWith('\uFEFF'))
  const now = 1_767_225_600

  test('is accepted by the official library when we made it', () => {
    fc.assert(
      fc.property(text, stripeSecret, fc.integer({ min: 0, max: 300 }), (body, secret, ageS) => {
        const { headers } = sign(scheme, { secret, body: Buffer.from(body), timestampMs: (now - ageS) * 1000 })
        const carried = headers['Stripe-Signature'] as string
        expect(webhooks.signature?.verifyHeader(body, carried, secret, 300, undefined, now * 1000)).toBe(true)
      }),
    )
  })

  test('is accepted by us when the official library made it', () => {
    fc.assert(
      fc.property(text, stripeSecret, fc.integer({ min: -1000, max: 300 }), (payload, secret, ageS) => {
        const header = webhooks.generateTestHeaderString({ payload, secret, timestamp: now - ageS })
        const headers = new Headers({ 'stripe-signature': header })
        expect(verify(scheme, { headers, body: Buffer.from(payload), secrets: [secret], nowMs: now * 1000 })).toEqual({
          ok: true,
          secretIndex: 0,
          signedAtMs: (now - ageS) * 1000,
          bodySigned: true,
          replayProtection: 'timestamp',
        })
      }),
    )
  })

  test('gets the same verdict from the official library when it is tampered with', () => {
    const edit = fc.constantFrom('none', 'body', 'secret', 'age', 'version', 'time')
    fc.assert(
      fc.property(text, stripeSecret, edit, fc.integer({ min: 295, max: 305 }), (body, secret, what, ageS) => {
        const signedAtS = now - (what === 'age' ? ageS : 0)
        const header = sign(scheme, { secret, body: Buffer.from(body), timestampMs: signedAtS * 1000 }).headers[
          'Stripe-Signature'
        ] as string
        const sent =
          what === 'version' ? header.replace('v1=', 'v0=') : what === 'time' ? header.replace('t=1', 't=2') : header
        const bytes = what === 'body' ? `${body} ` : body
        const held = what === 'secret' ? `${secret}0` : secret
        const theirs = () => webhooks.signature?.verifyHeader(bytes, sent, held, 300, undefined, now * 1000)
        const ours = verify(scheme, {
          headers: new Headers({ 'stripe-signature': sent }),
          body: Buffer.from(bytes),
          secrets: [held],
          nowMs: now * 1000,
        })
        if (ours.ok) expect(theirs()).toBe(true)
        else expect(theirs).toThrow()
      }),
    )
  })

  test('comes once for each secret while a secret is rolled', () => {
    const body = Buffer.from('{}')
    const { headers } = sign(scheme, { secret: ['whsec_old', 'whsec_new'], body, timestampMs: now * 1000 })
    const check = (secrets: string[]) =>
      verify(scheme, { headers: new Headers(headers), body, secrets, nowMs: now * 1000 })

    expect(headers['Stripe-Signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/)
    expect(check(['whsec_new'])).toMatchObject({ ok: true })
    expect(check(['whsec_old'])).toMatchObject({ ok: true })
    expect(check(['whsec_third'])).toMatchObject({ ok: false })
  })

  test.each([
    ['header_missing', ''],
    ['header_malformed', `t=1,t=2,v1=aa`],
    ['header_malformed', `t=1,v1=${'a'.repeat(10_000)}`],
    ['header_repeated', 't=1,v1=aa, t=1,v1=aa'],
    ['timestamp_missing', 'v1=aa'],
    ['timestamp_malformed', 't=1767225600abc,v1=aa'],
    ['timestamp_malformed', 't=-5,v1=aa'],
    ['signature_missing', 't=1767225600,v0=aa'],
    ['signature_mismatch', 't=1767225600,v1=aa'],
  ])('is refused as %s when the header is "%s"', (reason, header) => {
    const headers = new Headers({ 'stripe-signature': header })
    expect(verify(scheme, { headers, body: Buffer.from('{}'), secrets: ['whsec_a'], nowMs: now * 1000 })).toEqual({
      ok: false,
      reason,
    })
  })

  test('of a scheme that is not supported is refused by name', () => {
    const other: Scheme = { ...scheme, id: 'other', signedContent: '{body}{salt}' }
    expect(() => sign(other, { secret: 'a', body: Buffer.from(''), timestampMs: 0 })).toThrow(/\{salt\}/)
  })
})

describe('a signature of Vonage over named parameters', () => {
  const { scheme: vonage } = vonageSms.webhooks
  const secret = 'canary-7f'
  const judge = (sent: { query?: string; json?: object }) =>
    verify(vonage, {
      headers: new Headers({ 'content-type': 'application/json' }),
      body: Buffer.from(JSON.stringify(sent.json ?? {})),
      secrets: [secret],
      nowMs: 0,
      url: `https://shop.test/sms?${sent.query ?? ''}`,
      config: { algorithm: 'hmac-sha256' },
    })
  const signed = (text: string) => createHmac('sha256', secret).update(text).digest('hex')

  test('is of these parameters, and not of one whose name holds two', () => {
    const sig = signed('&messageId=A&msisdn=447700900001&timestamp=1600000000')
    expect(judge({ query: `messageId=A&msisdn=447700900001&timestamp=1600000000&sig=${sig}` })).toMatchObject({
      ok: true,
    })
    const merged = `${encodeURIComponent('messageId=A&msisdn')}=447700900001&timestamp=1600000000&sig=${sig}`
    expect(judge({ query: merged })).toEqual({ ok: false, reason: 'content_malformed' })
  })

  test('covers what stands in JSON, and no object in the place of an empty text', () => {
    const sig = signed('&a/b=c&text=&timestamp=1600000000')
    const json = { 'a/b': 'c', text: '', timestamp: '1600000000', sig }
    expect(judge({ json })).toMatchObject({ ok: true })
    expect(judge({ json: { ...json, text: { any: 'thing' } } })).toEqual({ ok: false, reason: 'body_malformed' })
  })
})
