import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { serve } from '../../src/adapters/node-server.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { faultRules } from '../../src/cli/sending-faults.ts'
import { seededRandom } from '../../src/core/random.ts'
import { webhookExamplesOf } from '../../src/providers/webhook-examples.ts'
import { webhookProviderOf, webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { type KeySource, createKeySource } from '../../src/webhooks/key-source.ts'
import { valueAt } from '../../src/webhooks/parsed-body.ts'
import { type ReceiverLine } from '../../src/webhooks/receiver-options.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { plainSettings } from '../../src/webhooks/scheme-settings.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { checkingSecret, targetSecret } from '../../src/webhooks/target-secret.ts'
import { runCliProcess } from '../support/cli-process.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A running app that receives webhooks of a provider. */
async function app(provider: WebhookProvider, secret = drawnSecret(provider), keys?: KeySource) {
  const { scheme } = provider.webhooks
  const lines: ReceiverLine[] = []
  const settings: Record<string, string> = {}
  const [example] = await webhookExamplesOf(scheme.id)
  if (scheme.ownerField !== undefined && example !== undefined && 'json' in example)
    settings[scheme.ownerField.config] = String(valueAt(example.json, scheme.ownerField.at))
  const isHeld = !['x509-url', 'jwks-by-kid', 'none'].includes(scheme.key.form)
  const receiver = createReceiver({
    provider,
    ...(isHeld ? { secrets: [secret] } : {}),
    keys: keys ?? { keysFor: async () => ({ ok: true, keys: [secret] }) },
    config: () => settings,
    inbox: createMemoryInbox(),
    log: (line) => lines.push(line),
  })
  const server = await serve(receiver)
  cleanups.push(() => server[Symbol.asyncDispose]())
  const url = `${server.url}/hooks`
  // Plaid's address of keys depends on it; what is sent does not.
  Object.assign(settings, plainSettings(scheme, url), scheme.id === 'plaid' ? { environment: 'sandbox' } : {})
  return { url, lines }
}

function drawnSecret({ webhooks: { scheme } }: WebhookProvider): string {
  return checkingSecret(scheme, targetSecret(scheme, seededRandom(1, 'webhook secret 1'))) ?? ''
}

async function run(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runCli(['webhook', 'send', ...args], {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    cwd: process.cwd(),
    colour: false,
    signal: new AbortController().signal,
  })
  return { code, out: out.join(''), err: err.join('') }
}

const schemes = await Promise.all(
  webhookProviders.map(async (provider) => {
    const { id } = provider.webhooks.scheme
    const [example] = await webhookExamplesOf(id)
    return [id, example?.type ?? 'order.created', provider] as const
  }),
)

describe('goodfence webhook send', () => {
  test.each(schemes)('%s %s is taken by a receiver, which reads its id and type', async (id, type, provider) => {
    const { url, lines } = await app(provider)
    const { event } = provider.webhooks.scheme

    const { code, out, err } = await run(id, type, '--to', url, '--id', '900042')

    expect(err).not.toContain('defect')
    expect({ lines, code, out }).toMatchObject({
      lines: [{ outcome: 'stored' }],
      code: 0,
      out: expect.stringMatching(/: taken\n$/),
    })
    expect(out).toContain(event.id === undefined ? `${id} ${type} to ${url}` : `${id} ${type} 900042 to ${url}`)
    expect(err.includes('--id stands nowhere')).toBe(event.id === undefined)
    expect(err.includes('receivers call each "delivery"')).toBe(event.type === undefined)
    if (event.type === undefined) expect(lines[0]?.type).toBe('delivery')
    if (event.id !== undefined) expect(lines[0]?.eventId).toContain('900042')
    if (event.type !== undefined && !event.type.includes(' + ')) expect(lines[0]?.type).toBe(type)
  })

  const bodied = schemes.filter(([, , { webhooks }]) => webhooks.scheme.bodyForm !== 'not-signed')
  test.each(bodied)('%s %s is refused when it was tampered with', async (id, type, provider) => {
    const { url, lines } = await app(provider)

    const { code, out } = await run(id, type, '--to', url, '--fault', 'tamper')

    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining(': refused (tampered with)') })
    expect(lines).toMatchObject([{ outcome: 'rejected' }])
  })
})

describe('goodfence webhook send, with', () => {
  const github = webhookProviderOf('github')

  test('--copies: each arrives, and one is stored', async () => {
    const { url, lines } = await app(github)

    const { code, out } = await run('github', 'push', '--to', url, '--copies', '3')

    expect(code).toBe(0)
    expect(out.match(/200 after \d+ ms: taken/g)).toHaveLength(3)
    expect(lines.map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'duplicate', 'stored'])
  })

  test.each([1, 2, 100])('--copies %i: exactly so many arrive', async (copies) => {
    const { url, lines } = await app(github)

    const { code, out } = await run('github', 'push', '--to', url, '--copies', String(copies))

    expect(code).toBe(0)
    expect(lines).toHaveLength(copies)
    expect(out.match(/\(copy \d+ of \d+\)/g) ?? []).toEqual(
      Array.from({ length: copies - 1 }, (_, index) => `(copy ${index + 2} of ${copies})`),
    )
  })

  const any = { client_id: 'any', secret: 'any' }
  test.each([
    ['paypal', 'new Response(pem)', {}, (shown: string) => new Response(shown)],
    ['aws-sns-v1', 'new Response(pem)', {}, (shown: string) => new Response(shown)],
    ['aws-sns-v2', 'new Response(pem)', {}, (shown: string) => new Response(shown)],
    ['google-pubsub-push', 'Response.json({ keys: [key] })', {}, (key: string) => new Response(`{"keys":[${key}]}`)],
    [
      'plaid',
      "Response.json({ key }), config: { client_id: 'any', secret: 'any' }",
      any,
      (key: string) => new Response(`{"key":${key}}`),
    ],
  ])('%s: the app that would fetch the key takes it as the command says', async (id, hint, config, answer) => {
    const provider = webhookProviderOf(id)
    let shown = ''
    const [example] = await webhookExamplesOf(id)
    const keys = createKeySource({ fetch: async () => answer(shown), config })
    const { url, lines } = await app(provider, undefined, keys)
    const args = [id, example?.type ?? '', '--to', url]
    const { err } = await run(...args, '--dry-run')
    shown = /createKeySource[^\n]*\n((?:-----BEGIN[^]*?-----END CERTIFICATE-----)|\{.*\})/.exec(err)?.[1] ?? ''

    const { code, out } = await run(...args)

    expect({ code, out, lines }).toMatchObject({ code: 0, lines: [{ outcome: 'stored' }] })
    expect(err).toContain(`keys: createKeySource({ fetch: async () => ${hint} })`)
  })

  test('--fault drop: says so once', async () => {
    expect((await run('github', 'push', '--to', 'http://127.0.0.1:1', '--fault', 'drop')).out).toMatch(/ ms: lost\n$/)
  })

  test('a port that fetch blocks: names the reason', async () => {
    const { code, out } = await run('github', 'push', '--to', 'http://127.0.0.1:9/')

    expect(code).toBe(1)
    expect(out).toMatch(/no answer after \d+ ms: bad port, one that fetch never connects to/)
  })

  test.each([
    ['duplicate:{"copies":4}', ['stored', 'duplicate', 'duplicate', 'duplicate']],
    ['forge', ['rejected', 'stored']],
    ['replay:{"afterMs":20}', ['stored', 'duplicate']],
    ['same-id-other-bytes:{"afterMs":20}', ['stored', 'conflict']],
    ['unknown-event-type', ['stored', 'stored']],
    ['reorder', ['stored', 'stored']],
    ['drop', []],
  ])('--fault %s: the receiver sees %j', async (fault, outcomes) => {
    const { url, lines } = await app(github)

    const { code } = await run('github', 'push', '--to', url, '--fault', fault)

    expect(lines.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(code).toBe(outcomes.includes('rejected') ? 1 : 0)
  })

  test('a secret of the environment or a file, which it never shows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goodfence-send-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'secret'), 'canary-of-a-file\n')
    process.env['SEND_TEST_SECRET'] = 'canary-of-the-environment'
    cleanups.push(() => delete process.env['SEND_TEST_SECRET'])

    for (const [option, value, secret] of [
      ['--secret-env', 'SEND_TEST_SECRET', 'canary-of-the-environment'],
      ['--secret-file', join(folder, 'secret'), 'canary-of-a-file'],
    ] as const) {
      const { url, lines } = await app(github, secret)
      const { code, out, err } = await run('github', 'push', '--to', url, option, value)

      expect(code).toBe(0)
      expect(lines).toMatchObject([{ outcome: 'stored' }])
      expect(out + err).not.toContain('canary')
    }
  })

  test('--payload: the very bytes of a file, under a type of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goodfence-send-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    const file = join(folder, 'body.json')
    await writeFile(file, '{ "n": 1.0,\n "big": 12345678901234567890 }')
    const { url, lines } = await app(github)

    expect(await run('github', 'star', '--to', url, '--payload', file)).toMatchObject({ code: 0 })
    expect(lines).toMatchObject([{ outcome: 'stored', type: 'star', bytes: (await readFile(file)).byteLength }])
  })

  test('--dry-run: shows the request and sends nothing', async () => {
    const { url, lines } = await app(github)

    const { code, out } = await run('github', 'ping', '--to', url, '--dry-run')

    expect(code).toBe(0)
    expect(out).toMatch(/^POST http:.*\n(?:[\w-]+: .*\n)+\n\{"zen"/)
    expect(out).toContain('x-hub-signature-256: sha256=')
    expect(lines).toEqual([])
  })

  test('a fault without a time: a second, as help and guide say', async () => {
    const rules = ['replay', 'burst', 'delay', 'delay:{}', 'replay:{"afterMs":20}'].flatMap((each) =>
      faultRules(each, undefined),
    )
    const guide = await readFile(new URL('../../docs/webhook-sending.md', import.meta.url), 'utf8')

    expect(rules.map(({ fault }) => fault)).toEqual([
      { kind: 'replay', afterMs: 1_000 },
      { kind: 'burst', everyMs: 1_000 },
      { kind: 'delay', delayMs: 1_000 },
      { kind: 'delay', delayMs: 1_000 },
      { kind: 'replay', afterMs: 20 },
    ])
    const help = 'replay (afterMs), burst (everyMs) and delay (delayMs) take 1000 ms'
    expect((await run('--help')).out).toContain(help)
    for (const word of ['`replay` comes after 1,000 ms', '`burst` gathers 1,000 ms', '`delay`', '1,000 ms.'])
      expect(guide).toContain(word)
  })

  test('--list: says which events there are', async () => {
    expect(await run('--list', 'github')).toEqual({ code: 0, out: 'push\npull_request\nping\n', err: '' })
    expect(await run('--list', 'box')).toMatchObject({ code: 0, out: '' })
  })

  test('the same seed the same secret and id', async () => {
    const sent = async () => {
      const { url } = await app(github)
      return (await run('github', 'push', '--to', url, '--seed', '1')).out.replaceAll(/http\S+|\d+ ms/g, '')
    }

    expect(await sent()).toBe(await sent())
  })

  test.each([
    ['its first line', 'not mounted:\u001b[2J\nsecond', 'refused: not mounted:\\u001b[2J\n'],
    ['no more than 200 characters of it', 'x'.repeat(9_999), `refused: ${'x'.repeat(200)}…\n`],
    ['nothing where it is empty', '', 'refused\n'],
  ])('an app that refuses: shows of its answer %s', async (_, answer, shown) => {
    const server = await serve(async () => new Response(answer, { status: 500 }))
    cleanups.push(() => server[Symbol.asyncDispose]())

    const { code, out } = await run('github', 'push', '--to', `${server.url}/hooks`)

    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/\n {2}500 after \d+ ms: refused/) })
    expect(out.endsWith(shown)).toBe(true)
  })

  test.each([
    ['never ends', new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('no\n')) })],
    ['breaks off', new ReadableStream({ pull: (body) => body.error(new Error('cut')) }, { highWaterMark: 0 })],
  ])('an app whose answer %s: goes by its status', async (_, body) => {
    const server = await serve(async () => new Response(body, { status: 503 }))
    cleanups.push(() => server[Symbol.asyncDispose]())

    const { out } = await run('github', 'push', '--to', `${server.url}/hooks`)

    expect(out).toMatch(/503 after \d+ ms: refused/)
  })

  test('nobody who listens: tells what happened', async () => {
    const server = await serve(async () => new Response())
    await server[Symbol.asyncDispose]()

    expect(await run('github', 'push', '--to', `${server.url}/hooks`)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/no answer after \d+ ms: ECONNREFUSED\n$/),
    })
  })

  test.each([
    [['githb', 'push', '--to', 'http://a.test'], 'Did you mean "github"?'],
    [['github', 'pus', '--to', 'http://a.test'], 'Did you mean "push"?'],
    [['github', '--to', 'http://a.test'], 'There are examples of push, pull_request, ping.'],
    [[], 'needs <provider> <event>'],
    [['github', 'push'], 'Say where the app takes webhooks: --to URL.'],
    [['github', 'push', '--to', 'shop'], '--to needs a whole URL'],
    [['github', 'push', '--to', 'ftp://a.test'], '--to needs a whole URL'],
    [['github', 'push', '--to', 'http://ann:pw@a.test'], '--to may hold no user name'],
    [['github', 'push', '--to', 'http://a.test', '--secret-env', 'NOT_SET'], 'NOT_SET is not set'],
    [['github', 'push', '--to', 'http://a.test', '--secret-file', '/none'], 'secret file /none does not exist'],
    [['github', 'push', '--to', 'http://a.test', '--payload', '/none'], 'payload /none does not exist'],
    [['github', 'push', '--to', 'http://a.test', '--fault', 'dupe'], '"dupe", which is no kind of fault'],
    [['github', 'push', '--to', 'http://a.test', '--fault', 'latency:{"delayMs":1}'], 'strikes API calls'],
    [['github', 'push', '--to', 'http://a.test', '--fault', 'duplicate:3'], '--fault needs JSON behind the colon'],
    [['github', 'push', '--to', 'http://a.test', '--fault', 'duplicate:{"copie":3}'], 'Did you mean "copies"?'],
    [['square', 'payment.updated', '--to', 'http://a.test', '--config', 'x'], '--config needs NAME=VALUE'],
    [
      ['square', 'payment.updated', '--to', 'http://a.test', '--config', 'notifcation_url=x'],
      'Did you mean "notification_url"?',
    ],
    [['github', 'push', '--to', 'http://a.test', '--id', 'a\nb'], '--id cannot be "a\\u000ab"'],
    [['stripe', 'payment_intent.succeeded', '--to', 'http://a.test', '--id', 'a\0'], '--id cannot be "a\\u0000"'],
    [['github', 'push', '--to', 'http://a.test', '--id', '€'], 'The header X-GitHub-Delivery was given a value with'],
    [['box', 'a\u007fb', '--to', 'http://a.test'], '<event> cannot be "a\\u007fb"'],
    [['square', 'payment.updated', '--to', 'http://a.test', '--config', 'notification_url=\n'], '--config cannot be'],
    [['datadog', 'x', '--to', 'http://a.test', '--config', 'header_name=a b'], 'a name, "a b", with characters'],
    [['github', 'push', '--to', 'http://a.test', '--fault', String.raw`forge:{"type":"a\nb"}`], '--fault has a text'],
    [['github', 'push', '--to', 'http://a.test', '--copies', '0'], '--copies needs a whole number from 1 to 100'],
    [['github', 'push', '--to', 'http://a.test', '--copies', '101'], '--copies needs a whole number from 1 to 100'],
    [['github', 'push', '--to', 'http://a.test', '--copies', '2', '--fault', 'duplicate'], 'Give one of them.'],
    [['--list', 'github', 'push'], '--list sends nothing, so there is no use for "push".'],
    [
      ['sendgrid', 'delivered', '--to', 'http://a.test', '--secret-env', 'SEND_NO_KEY'],
      'SEND_NO_KEY holds no such key.',
    ],
    [['adyen-payments', 'REFUND', '--to', 'http://a.test', '--secret-env', 'SEND_NO_KEY'], 'hexadecimal'],
    [['adyen', 'REFUND', '--to', 'http://a.test'], 'adyen-payments, adyen-platform'],
  ])('%j: says how to mend it', async (args, message) => {
    process.env['SEND_NO_KEY'] = 'canary'
    cleanups.push(() => delete process.env['SEND_NO_KEY'])
    const { code, out, err } = await run(...args)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).not.toContain('canary')
  })

  test('a secret that no header can carry: says so, and does not show it', async () => {
    process.env['SEND_TEST_SECRET'] = 'canary\nof two lines'
    cleanups.push(() => delete process.env['SEND_TEST_SECRET'])

    const args = ['gitlab-token', 'Push Hook', '--to', 'http://a.test', '--secret-env', 'SEND_TEST_SECRET']

    const { code, err } = await run(...args)

    expect(code).toBe(2)
    expect(err).toContain('The header X-Gitlab-Token was given a value with characters that no header can have.')
    expect(err).not.toContain('canary')
  })

  test('a process of its own', async () => {
    const { url, lines } = await app(github)

    const { code, stdout, stderr } = await runCliProcess(['webhook', 'send', 'github', 'push', '--to', url])

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^github push .*\n  200 after \d+ ms: taken\n$/),
    })
    expect(stderr).toContain(drawnSecret(github))
    expect(lines).toMatchObject([{ outcome: 'stored', type: 'push' }])
  })
})
