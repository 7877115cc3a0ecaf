import { describe, expect, test } from 'vitest'
import { webhookProviderOf, webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { createKeySource } from '../../src/webhooks/key-source.ts'
import { needsSecrets } from '../../src/webhooks/receiver-secrets.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createReceivers } from '../../src/webhooks/receivers.ts'
import { plainSettings, settingsOf } from '../../src/webhooks/scheme-settings.ts'
import { fromEnv } from '../../src/webhooks/secret-sources.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'

const inbox = createMemoryInbox()
const secrets = ['whsec_canary0123456789']
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) as string })

/** What somebody without types may write. */
function start(options: object): void {
  createReceiver({ provider: webhookProviderOf('stripe'), secrets, inbox, ...options })
}

function startFor(schemeId: string, options: object = {}): void {
  const provider = webhookProviderOf(schemeId)
  start({ provider, ...(needsSecrets(provider.webhooks.scheme) ? {} : { secrets: undefined }), ...options })
}

describe('a receiver is not made', () => {
  test.each<[string, object, RegExp]>([
    ['a provider that is only named', { provider: 'github' }, /webhookProviderOf\('github'\)/],
    ['no provider', { provider: undefined }, /needs to know how its provider signs/],
    ['a provider without webhooks', { provider: { name: 'github' } }, /needs to know how its provider signs/],
    ['no inbox', { inbox: undefined }, /no inbox .*give inbox: createSqliteInbox/],
    ['an inbox that keeps nothing', { inbox: {} }, /no inbox/],
    ['one text as its secrets', { secrets: 'whsec_canary' }, /are no list and no source: give secrets: \['whsec_/],
    ['a secret that is none', { secrets: [undefined] }, /Signing secret 1 of .* is no text/],
    ['a secret without a value', { secrets: [{ id: 'new' }] }, /Signing secret 1 of .* is no text/],
    [
      'a misspelt option',
      { tolerenceMs: 1 },
      /createReceiver does not know tolerenceMs\. Did you mean "toleranceMs"\?/,
    ],
  ])('with %s', (_, options, message) => {
    expect(() => start(options)).toThrow(refused(message))
    expect(() => start(options)).not.toThrow(/canary/)
  })

  test('as one of several either', () => {
    const provider = webhookProviderOf('stripe')
    const make = (source: object, more: object = {}) =>
      createReceivers({ inbox, sources: { shop: { provider, secrets, ...source } }, ...more })
    expect(() => make({})).not.toThrow()
    expect(() => make({}, { basepath: '/' })).toThrow(refused(/createReceivers does not know basepath.*"basePath"/))
    expect(() => make({ secret: 'x' })).toThrow(refused(/The source "shop" does not know secret.*"secrets"/))
    expect(() => make({ provider: webhookProviderOf('paypal'), config: { webhook_id: 'a' } })).toThrow(
      refused(/paypal/),
    )
  })

  test('where the environment has no secret, and is told which variable to set', () => {
    expect(() => fromEnv('NOT_SET_NEW', 'NOT_SET_OLD')).toThrow(refused(/set NOT_SET_NEW or NOT_SET_OLD to/))
  })
})

describe('a setting', () => {
  const withSettings = webhookProviders
    .map(({ webhooks }) => webhooks.scheme)
    .flatMap((scheme) => settingsOf(scheme).map((setting) => [scheme.id, setting] as const))

  test.each(withSettings)(
    'without which no delivery of %s verifies, %s, stops the start when it is missing',
    (id, name) => {
      const config = plainSettings(webhookProviderOf(id).webhooks.scheme, 'https://shop.test/hooks')
      const { [name]: _, ...others } = config
      expect(() => startFor(id, { config })).not.toThrow()
      for (const lacking of [others, { ...others, [name]: ' ' }])
        expect(() => startFor(id, { config: lacking })).toThrow(
          refused(new RegExp(`without the setting "${name}": give config`)),
        )
      expect(() => startFor(id, { config: () => ({}) })).not.toThrow()
    },
  )

  test('that the scheme does not know stops the start with the name that was meant', () => {
    expect(() => startFor('paypal', { config: { webhookId: 'a' } })).toThrow(refused(/Did you mean "webhook_id"\?/))
    expect(() => startFor('square', { config: { notifcation_url: 'a' } })).toThrow(
      refused(/Did you mean "notification_url"/),
    )
    expect(() => startFor('github', { config: { a: 'b' } })).toThrow(refused(/has no setting "a". It has none/))
    expect(() => startFor('meta', { config: { verify_token: 'b' } })).not.toThrow()
    expect(() => startFor('meta')).not.toThrow()
  })

  test('that Plaid asks for before it tells a key is needed, unless somebody else fetches', () => {
    const { scheme } = webhookProviderOf('plaid').webhooks
    const config = { ...plainSettings(scheme, ''), environment: 'sandbox' }
    expect(() => startFor('plaid', { config })).toThrow(refused(/without the setting "client_id"/))
    expect(() => startFor('plaid', { config: { ...config, client_id: 'a', secret: 'b' } })).not.toThrow()
    expect(() => startFor('plaid', { config, keys: createKeySource() })).not.toThrow()
  })
})

describe('secrets of a scheme whose keys are fetched', () => {
  const fetching = ['paypal', 'plaid', 'google-pubsub-push', 'aws-sns-v1', 'aws-sns-v2']

  test.each(fetching)('stop the start for %s, since nothing would be verified with them', (id) => {
    const config = () => ({ topic_arn: 'a' })
    for (const given of [secrets, () => secrets])
      expect(() => startFor(id, { config, secrets: given })).toThrow(
        refused(/never with secrets: leave out secrets.*createKeySource/),
      )
    for (const given of [undefined, []]) expect(() => startFor(id, { config, secrets: given })).not.toThrow()
  })

  test('still tell which accounts there are, where accounts are in the address', () => {
    const provider = webhookProviderOf('paypal')
    const known = ({ account }: { account: string }) => (account === 'a' ? [] : undefined)
    const source = { provider, accountInPath: true, config: () => ({ webhook_id: 'a' }), secrets: known }
    expect(() => createReceivers({ inbox, sources: { paypal: source } })).not.toThrow()
  })
})
