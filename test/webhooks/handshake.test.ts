import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Scheme } from '../../src/providers/scheme.ts'
import { webhookProviderOf } from '../../src/providers/webhook-catalogue.ts'
import { answerHandshake, type HandshakeAnswer, handshakeMethods } from '../../src/webhooks/handshake.ts'
import { verify } from '../../src/webhooks/signature.ts'

const schemeOf = (id: string): Scheme => webhookProviderOf(id).webhooks.scheme
const address = 'https://app.test/hooks'

interface Asked {
  readonly method?: string
  readonly url?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly secrets?: readonly string[]
  readonly config?: Record<string, string>
  readonly mayCapture?: boolean
}

/** What the receiver of a scheme answers to a request. */
function ask(id: string, asked: Asked): HandshakeAnswer | undefined {
  const { method = 'POST', url = address, headers = {}, body = '', secrets = ['secret'], config, mayCapture } = asked
  const request = { method, url, headers: new Headers(headers), body: Buffer.from(body) }
  return answerHandshake(schemeOf(id), request, { secrets, config, mayCapture })
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const text = { 'content-type': 'text/plain; charset=utf-8' }
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
const now = { after: 'nothing' } as const
const once = { after: 'verification' } as const
const forged = { status: 401, headers: always, body: '' }
const hmac = (hash: string, key: string | Buffer, of: string) => createHmac(hash, key).update(of).digest('hex')

describe('each provider is answered as it wants', () => {
  test('Slack: the challenge as text, once the signature is good', () => {
    const body =
      '{"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}'
    expect(ask('slack', { headers: json, body })).toEqual({
      kind: 'echo',
      ...once,
      status: 200,
      headers: { ...always, ...text },
      body: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    })
  })

  test('Zoom: the token with its digest, once the signature is good', () => {
    const body =
      '{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}'
    expect(ask('zoom', { headers: json, body })).toEqual({
      kind: 'echo',
      ...once,
      status: 200,
      headers: { ...always, ...json },
      body: `{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"${hmac('sha256', 'secret', 'qgg8vlvZRS6UYooatFL8Aw')}"}`,
    })
  })

  test('Meta: the challenge as text to who knows the token', () => {
    const url = `${address}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock`
    expect(ask('meta', { method: 'GET', url, config: { verify_token: 'meatyhamhock' } })).toEqual({
      kind: 'echo',
      ...now,
      status: 200,
      headers: { ...always, ...text },
      body: '1158201444',
    })
  })

  test('Dropbox: the challenge as text that no browser takes for anything else', () => {
    expect(ask('dropbox', { method: 'GET', url: `${address}?challenge=abc_123-XYZ` })).toEqual({
      kind: 'echo',
      ...now,
      status: 200,
      headers: { ...always, ...text },
      body: 'abc_123-XYZ',
    })
  })

  test('Microsoft Graph: the token decoded', () => {
    const token =
      'Validation: Testing client application reachability for subscription Request-Id: 522a8e7e-096a-494c-aaf1-ac0dcfca45b7'
    const url = `${address}?validationToken=${encodeURIComponent(token)}`
    expect(ask('msgraph', { url, headers: { 'content-type': 'text/plain; charset=utf-8' } })).toEqual({
      kind: 'echo',
      ...now,
      status: 200,
      headers: { ...always, ...text },
      body: token,
    })
    const plus = `${address}?validationToken=${encodeURIComponent(token).replaceAll('%20', '+')}`
    expect(ask('msgraph', { url: plus })?.body).toBe(token)
  })

  test('Braintree: our id with the digest of the challenge', () => {
    const challenge = '20f9f8ed05f77439fe955c977e4c8a53'
    const key = Buffer.from('7bd9bb9f0d4bdf1d04d9a8a0dc27b8ee', 'utf8')
    // As the gateway's own library makes it: the key is the SHA-1 of the private key.
    const sha1 = Buffer.from(hmacKey(key))
    expect(
      ask('braintree', {
        method: 'GET',
        url: `${address}?bt_challenge=${challenge}`,
        secrets: ['integration_public_key:7bd9bb9f0d4bdf1d04d9a8a0dc27b8ee'],
      }),
    ).toEqual({
      kind: 'echo',
      ...now,
      status: 200,
      headers: { ...always, ...text },
      body: `integration_public_key|${hmac('sha1', sha1, challenge)}`,
    })
  })

  test('Smartcar: the digest of the challenge', () => {
    const body =
      '{"version":"2.0","webhookId":"w1","eventName":"verify","payload":{"challenge":"3a5c8f72-e6d9-4b1a-9f2e-8c7d6b5a4f3e"}}'
    expect(ask('smartcar', { headers: json, body })).toEqual({
      kind: 'echo',
      ...now,
      status: 200,
      headers: { ...always, ...json },
      body: `{"challenge":"${hmac('sha256', 'secret', '3a5c8f72-e6d9-4b1a-9f2e-8c7d6b5a4f3e')}"}`,
    })
  })

  test('Okta: the challenge of a header in JSON', () => {
    const headers = { 'X-Okta-Verification-Challenge': 'My verification challenge'.replaceAll(' ', '-') }
    expect(ask('okta-event-hook', { method: 'GET', headers })).toEqual({
      kind: 'echo',
      ...now,
      status: 200,
      headers: { ...always, ...json },
      body: '{"verification":"My-verification-challenge"}',
    })
  })

  test('Azure Event Grid: the code of the one event in the list, once the token is good', () => {
    const body = JSON.stringify([
      {
        id: '2d1781af-3a4c-4d7c-bd0c-e34b19da4e66',
        topic: '/subscriptions/x',
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        data: { validationCode: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6', validationUrl: 'https://rp.azure.test/x' },
      },
    ])
    expect(ask('azure-event-grid', { headers: { ...json, 'aeg-event-type': 'SubscriptionValidation' }, body })).toEqual(
      {
        kind: 'echo',
        ...once,
        status: 200,
        headers: { ...always, ...json },
        body: '{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}',
      },
    )
  })

  test('Asana: the secret of a header in the same header, and it is taken', () => {
    const secret = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81'
    expect(ask('asana', { headers: { 'X-Hook-Secret': secret }, body: '{}', secrets: [] })).toEqual({
      kind: 'capture',
      ...now,
      status: 200,
      headers: { ...always, 'X-Hook-Secret': secret },
      body: '',
      captured: secret,
    })
  })

  test('Notion: the token is taken, and not sent back', () => {
    const body = '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}'
    expect(ask('notion', { headers: json, body, secrets: [] })).toEqual({
      kind: 'capture',
      ...now,
      status: 200,
      headers: always,
      body: '',
      captured: 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl',
    })
  })

  test('Discord: 204 to a ping of its webhooks, its own type to one of interactions', () => {
    const events = ask('discord', {
      headers: json,
      body: '{"version":1,"application_id":"1234560123453231555","type":0}',
    })
    expect(events).toEqual({ kind: 'acknowledge', ...once, status: 204, headers: always, body: '', forged })

    const interactions = ask('discord', {
      headers: json,
      body: '{"id":"1","application_id":"2","type":1,"token":"x","version":1}',
    })
    const headers = { ...always, ...json }
    expect(interactions).toEqual({ kind: 'acknowledge', ...once, status: 200, headers, body: '{"type":1}', forged })
  })

  test('Xero: nothing but 200, or 401 to the wrong signature', () => {
    const body = '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}'
    expect(ask('xero', { headers: json, body })).toEqual({
      kind: 'acknowledge',
      ...once,
      status: 200,
      headers: always,
      body: '',
      forged,
    })
  })

  test('GitHub: 200 to its ping, once the signature is good', () => {
    const body = '{"zen":"Design for failure.","hook_id":1}'
    expect(ask('github', { headers: { ...json, 'X-GitHub-Event': 'ping' }, body })).toEqual({
      kind: 'acknowledge',
      ...once,
      status: 200,
      headers: always,
      body: '',
    })
  })

  test.each([
    ['Trello: to HEAD', 'trello', { method: 'HEAD' }],
    ['Mandrill: to HEAD', 'mandrill', { method: 'HEAD' }],
    ['Mandrill: to no events', 'mandrill', { headers: form, body: 'mandrill_events=%5B%5D' }],
    ['WooCommerce: to the id of the webhook', 'woocommerce', { headers: form, body: 'webhook_id=12' }],
  ])('200 of %s', (_, id, asked) => {
    expect(ask(id, asked)).toEqual({ kind: 'acknowledge', ...now, status: 200, headers: always, body: '' })
  })

  test.each(['aws-sns-v1', 'aws-sns-v2'])('%s: the address to visit, for the topic that is ours', (id) => {
    const body = confirmation()
    const config = { topic_arn: 'arn:aws:sns:us-west-2:123456789012:MyTopic' }
    expect(ask(id, { headers: { 'content-type': 'text/plain; charset=UTF-8' }, body, config })).toEqual({
      kind: 'visit',
      ...once,
      status: 200,
      headers: always,
      body: '',
      visit: { url: subscribeUrl, allowed: expect.objectContaining({ host: expect.any(String) }) },
    })
  })
})

const subscribeUrl =
  'https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37'

function confirmation(changes: Record<string, string> = {}): string {
  return JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
    Token: '2336412f37',
    TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
    Message: 'You have chosen to subscribe.',
    SubscribeURL: subscribeUrl,
    Timestamp: '2012-04-26T20:45:04.751Z',
    ...changes,
  })
}

function hmacKey(key: Buffer): Uint8Array {
  return createHash('sha1').update(key).digest()
}

describe('what must not be answered is refused', () => {
  const meta = (token: string) => `${address}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${token}`

  test.each([
    [
      'the wrong token',
      'meta',
      { method: 'GET', url: meta('wrong'), config: { verify_token: 'right' } },
      403,
      'expectation_unmet',
    ],
    [
      'an empty token',
      'meta',
      { method: 'GET', url: meta(''), config: { verify_token: 'right' } },
      403,
      'expectation_unmet',
    ],
    [
      'no token',
      'meta',
      { method: 'GET', url: `${address}?hub.mode=subscribe&hub.challenge=1`, config: { verify_token: 'right' } },
      403,
      'expectation_unmet',
    ],
    [
      'two tokens',
      'meta',
      { method: 'GET', url: `${meta('right')}&hub.verify_token=right`, config: { verify_token: 'right' } },
      403,
      'expectation_unmet',
    ],
    ['any token while ours is not set', 'meta', { method: 'GET', url: meta('') }, 403, 'not_configured'],
    [
      'an empty token of ours',
      'meta',
      { method: 'GET', url: meta(''), config: { verify_token: '' } },
      403,
      'not_configured',
    ],
    [
      'a page for a challenge',
      'dropbox',
      { method: 'GET', url: `${address}?challenge=%3Cscript%3Ealert(1)%3C/script%3E` },
      400,
      'challenge_malformed',
    ],
    [
      'a page for a token',
      'msgraph',
      { url: `${address}?validationToken=%3Cimg%20src=x%20onerror=alert(1)%3E` },
      400,
      'challenge_malformed',
    ],
    ['line feeds', 'msgraph', { url: `${address}?validationToken=a%0d%0aset-cookie:b` }, 400, 'challenge_malformed'],
    [
      'a long challenge',
      'dropbox',
      { method: 'GET', url: `${address}?challenge=${'a'.repeat(513)}` },
      400,
      'challenge_malformed',
    ],
    ['an empty challenge', 'dropbox', { method: 'GET', url: `${address}?challenge=` }, 400, 'challenge_malformed'],
    [
      'a challenge that is no text',
      'slack',
      { headers: json, body: '{"type":"url_verification","challenge":{"a":1}}' },
      400,
      'challenge_malformed',
    ],
    [
      'a challenge that is missing',
      'slack',
      { headers: json, body: '{"type":"url_verification"}' },
      400,
      'challenge_malformed',
    ],
    [
      'a challenge that is a delivery',
      'smartcar',
      { headers: json, body: '{"eventName":"verify","payload":{"challenge":"{\\"eventId\\":\\"e\\"}"}}' },
      400,
      'challenge_malformed',
    ],
    [
      'a challenge that is a payload',
      'braintree',
      { method: 'GET', url: `${address}?bt_challenge=PG5vdGlmaWNhdGlvbj4=`, secrets: ['a:b'] },
      400,
      'challenge_malformed',
    ],
    [
      'a digest without a key',
      'smartcar',
      { headers: json, body: '{"eventName":"verify","payload":{"challenge":"b"}}', secrets: [] },
      503,
      'no_secret',
    ],
    [
      'a digest with an empty key',
      'braintree',
      { method: 'GET', url: `${address}?bt_challenge=${'a'.repeat(20)}`, secrets: ['id:'] },
      503,
      'no_secret',
    ],
    [
      'a digest with a key of no id',
      'braintree',
      { method: 'GET', url: `${address}?bt_challenge=${'a'.repeat(20)}`, secrets: ['private'] },
      503,
      'no_secret',
    ],
    ['a new secret while one is held', 'asana', { headers: { 'x-hook-secret': 'mine' } }, 403, 'capture_closed'],
    [
      'a new secret while none is awaited',
      'notion',
      { headers: json, body: '{"verification_token":"secret_x"}', secrets: [], mayCapture: false },
      403,
      'capture_closed',
    ],
    ['two secrets', 'asana', { headers: { 'x-hook-secret': 'a, b' }, secrets: [] }, 400, 'challenge_malformed'],
    [
      "somebody else's topic",
      'aws-sns-v2',
      { body: confirmation(), config: { topic_arn: 'arn:aws:sns:us-west-2:1:Mine' } },
      403,
      'expectation_unmet',
    ],
    ['a topic while ours is not set', 'aws-sns-v2', { body: confirmation() }, 403, 'not_configured'],
  ] as const)('%s: %s', (_, id, asked, status, refused) => {
    expect(ask(id, asked)).toMatchObject({ status, refused, body: '' })
    expect(ask(id, asked)).not.toHaveProperty('captured')
    expect(ask(id, asked)).not.toHaveProperty('visit')
  })

  test.each([
    'http://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription',
    'https://sns.us-west-2.amazonaws.com.evil.test/?Action=ConfirmSubscription',
    'https://evil.test/sns.us-west-2.amazonaws.com/',
    'https://sns.us-west-2.amazonaws.com@evil.test/',
    'https://user@sns.us-west-2.amazonaws.com/',
    'https://sns.us-west-2.amazonaws.com:8443/',
    'https://sns.s3.amazonaws.com/',
    'https://xsns.us-west-2.amazonaws.com/',
    'https://sns.us-west-2xamazonaws.com/',
    'https://127.0.0.1/',
    'file:///etc/passwd',
    'sns.us-west-2.amazonaws.com',
    '',
    `https://sns.us-west-2.amazonaws.com/?${'a'.repeat(3_000)}`,
  ])('SNS is not followed to %s', (SubscribeURL) => {
    const config = { topic_arn: 'arn:aws:sns:us-west-2:123456789012:MyTopic' }
    const answer = ask('aws-sns-v2', { body: confirmation({ SubscribeURL }), config })
    expect(answer).toMatchObject({ status: 403, refused: 'address_refused' })
    expect(answer).not.toHaveProperty('visit')
  })

  test('a secret is taken again once another is awaited', () => {
    const headers = { 'x-hook-secret': 'second' }
    expect(ask('asana', { headers, secrets: ['first'], mayCapture: true })).toMatchObject({ captured: 'second' })
  })

  test('a digest is made with the newest secret, or the one it is asked for', () => {
    const body = '{"event":"endpoint.url_validation","payload":{"plainToken":"t"}}'
    expect(ask('zoom', { headers: json, body, secrets: ['new', 'old'] })?.body).toContain(hmac('sha256', 'new', 't'))
    expect(ask('zoom', { headers: json, body, secrets: ['old'] })?.body).toContain(hmac('sha256', 'old', 't'))
  })
})

describe('ordinary deliveries are not answered', () => {
  test.each([
    [
      'slack',
      {
        headers: json,
        body: '{"type":"event_callback","event_id":"Ev1","event":{"type":"message","text":"url_verification"}}',
      },
    ],
    ['slack', { headers: form, body: 'type=url_verification&challenge=abc' }],
    ['zoom', { headers: json, body: '{"event":"meeting.started","payload":{"plainToken":"x"}}' }],
    ['meta', { headers: json, body: '{"object":"page","entry":[]}' }],
    ['meta', { method: 'GET', url: `${address}?hub.mode=unsubscribe&hub.challenge=1` }],
    [
      'discord',
      { headers: json, body: '{"version":1,"application_id":"1","type":1,"event":{"type":"ENTITLEMENT_CREATE"}}' },
    ],
    ['discord', { headers: json, body: '{"type":2,"id":"1"}' }],
    ['xero', { headers: json, body: '{"events":[{"eventId":"1"}],"entropy":"x"}' }],
    ['xero', { headers: json, body: '{"events":{},"entropy":"x"}' }],
    ['github', { headers: { ...json, 'x-github-event': 'push' }, body: '{"zen":"x"}' }],
    ['asana', { headers: { ...json, 'x-hook-signature': 'x' }, body: '{"events":[]}' }],
    ['asana', { headers: { 'x-hook-signature': 'x', 'x-hook-secret': 'y' } }],
    ['notion', { headers: { ...json, 'x-notion-signature': 'sha256=x' }, body: '{"verification_token":"x"}' }],
    ['woocommerce', { headers: json, body: 'webhook_id=12' }],
    ['woocommerce', { headers: { ...form, 'x-wc-webhook-signature': 'x' }, body: 'webhook_id=12' }],
    ['mandrill', { headers: form, body: 'mandrill_events=%5B%7B%7D%5D' }],
    ['trello', { headers: json, body: '{"action":{}}' }],
    ['dropbox', { method: 'GET' }],
    ['dropbox', { url: `${address}?challenge=abc`, headers: json, body: '{"list_folder":{}}' }],
    ['dropbox', { method: 'GET', url: `${address}?challenge=a&challenge=b` }],
    ['msgraph', { headers: json, body: '{"value":[]}' }],
    [
      'azure-event-grid',
      { headers: { ...json, 'aeg-event-type': 'Notification' }, body: '[{"data":{"validationCode":"x"}}]' },
    ],
    ['okta-event-hook', { headers: { ...json, 'x-okta-verification-challenge': 'x' }, body: '{}' }],
    ['aws-sns-v2', { body: '{"Type":"Notification","SubscribeURL":"https://sns.us-west-2.amazonaws.com/"}' }],
    ['braintree', { headers: form, body: 'bt_challenge=20f9f8ed05f77439fe955c977e4c8a53' }],
    ['stripe', { headers: json, body: '{"type":"url_verification","challenge":"x"}' }],
  ] as const)('%s: %j', (id, asked) => {
    expect(ask(id, asked)).toBeUndefined()
  })

  test('what is larger than a handshake is not even parsed', () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'x', padding: ' '.repeat(2 ** 14) })
    expect(ask('slack', { headers: json, body })).toBeUndefined()
  })
})

describe('the digest that a stranger gets for a challenge', () => {
  test.each(['12345', '-1', '1e-7', 'true', 'false', 'null'])('is none for %s, which is JSON', (challenge) => {
    const body = JSON.stringify({ eventName: 'verify', payload: { challenge } })
    expect(ask('smartcar', { headers: json, body })).toMatchObject({ status: 400, refused: 'challenge_malformed' })
  })

  test.each(['', '\n'])('is no signature of the same text as a payload, ended by %j', (end) => {
    const challenge = '20f9f8ed05f77439fe955c977e4c8a53'
    const secrets = ['public:7bd9bb9f0d4bdf1d04d9a8a0dc27b8ee']
    const answer = ask('braintree', { method: 'GET', url: `${address}?bt_challenge=${challenge}`, secrets })
    const form = new URLSearchParams({ bt_signature: answer?.body ?? '', bt_payload: challenge + end })
    const forged = { headers: new Headers(), body: Buffer.from(form.toString()), secrets, nowMs: 0 }
    expect(verify(schemeOf('braintree'), forged)).toEqual({ ok: false, reason: 'content_malformed' })
  })
})

test('a scheme says by which other methods its handshakes come', () => {
  const methods = ['slack', 'stripe', 'meta', 'trello', 'mandrill', 'braintree', 'okta-event-hook']
  expect(methods.map((id) => handshakeMethods(schemeOf(id)))).toEqual([
    [],
    [],
    ['GET'],
    ['HEAD'],
    ['HEAD'],
    ['GET'],
    ['GET'],
  ])
})
