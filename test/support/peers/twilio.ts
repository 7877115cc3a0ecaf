import { parse } from 'node:querystring'
import fc from 'fast-check'
import twilio from 'twilio'
import { headerOf, hookUrl, textKeys, type Peer } from './peer.ts'

const { getExpectedTwilioSignature } = twilio

/** Addresses whose text a URL parser would change, and ports that are the default. */
const urls = fc.constantFrom(
  hookUrl,
  'https://shop.test/hooks',
  'https://shop.test:443/hooks?a=1',
  'https://shop.test:8443/hooks?a=1',
  'http://shop.test:80/hooks',
  "https://shop.test/hooks?name=O'Brien&b=%7e",
  'https://shop.test/hooks?q=a+b&q=c%20d',
  'https://Shop.TEST/hooks',
  'https://shop.test/a%2fb/../c',
  'https://user:pass@shop.test/hooks',
  'https://shop.test/hooks?',
  'https://shop.test/hooks?a=é',
)

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom('', 'CA1', '+15550100', 'a b', 'a&b=c', '%', "O'Brien", '€'),
)
const name = fc.oneof(fc.constantFrom('CallSid', 'From', 'To', 'Body', 'MediaUrl0', 'a', 'b', '_', '~'), text)

const form = fc.array(fc.tuple(name, text), { maxLength: 6 }).map((pairs) => new URLSearchParams(pairs).toString())

export const twilioFormPeer: Peer = {
  library: 'twilio validateRequest',
  scheme: 'twilio-form',
  keys: textKeys,
  urls,
  bodies: form.map((each) => Buffer.from(each)),
  verifier: (key) => (delivery) =>
    twilio.validateRequest(
      key,
      headerOf(delivery, 'x-twilio-signature'),
      delivery.url,
      parse(delivery.body.toString()),
    ),
  sign: ({ url, body }, key) => ({
    'x-twilio-signature': getExpectedTwilioSignature(key, url, parse(body.toString())),
  }),
}

export const twilioJsonPeer: Peer = {
  library: 'twilio validateRequestWithBody',
  scheme: 'twilio-json',
  keys: textKeys,
  urls,
  verifier: (key) => (delivery) =>
    twilio.validateRequestWithBody(
      key,
      headerOf(delivery, 'x-twilio-signature'),
      delivery.url,
      delivery.body.toString(),
    ),
}
