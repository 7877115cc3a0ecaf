import { resolve } from 'node:path'
import { bytesOf } from '../../core/body.ts'
import { systemClock } from '../../core/clock.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { seededRandom, systemRandom } from '../../core/random.ts'
import { type Service } from '../../core/service.ts'
import { type Scheme } from '../../providers/scheme.ts'
import { webhookExamplesOf } from '../../providers/webhook-examples.ts'
import { webhookProviderOf, webhookProviders } from '../../providers/webhook-catalogue.ts'
import { type WebhookProvider } from '../../providers/webhook-provider.ts'
import { type DeliveryAttempt } from '../../webhooks/delivery.ts'
import {
  type ExampleEvent,
  type ExampleEventOptions,
  exampleEvent,
  payloadEvent,
  plainExample,
} from '../../webhooks/example-event.ts'
import { sign } from '../../webhooks/signature.ts'
import { type Values, type World, defineCommand } from '../command.ts'
import { slowly } from '../progress.ts'
import { certified, configOf } from '../sending-config.ts'
import { faultRules } from '../sending-faults.ts'
import { readBytes, secretVariable, sendingSecret } from '../sending-secret.ts'
import { sendEvents } from '../webhook-sending.ts'

const options = {
  to: { type: 'text', value: 'URL', help: 'Where the app takes webhooks' },
  'secret-env': { type: 'text', value: 'NAME', help: 'Environment variable that holds the signing secret' },
  'secret-file': { type: 'text', value: 'FILE', help: 'File that holds it' },
  payload: { type: 'text', value: 'FILE', help: 'Body to send, byte for byte, in place of an example' },
  fault: {
    type: 'text',
    value: 'KIND[:JSON]',
    help: 'What goes wrong with the delivery, such as duplicate:{"copies":3}',
  },
  copies: { type: 'number', value: 'N', min: 1, max: 100, help: 'How many arrive at the same moment' },
  config: { type: 'list', value: 'NAME=VALUE', help: 'A setting of the account that the scheme signs with' },
  id: { type: 'text', value: 'ID', help: 'Id of the event' },
  seed: { type: 'number', value: 'N', help: 'Seed of the secret, the id and the fault' },
  'dry-run': { type: 'flag', help: 'Show the request and send nothing' },
  list: { type: 'text', value: 'PROVIDER', help: 'Show the events that there are examples of' },
} as const

type Sending = Values<typeof options>

export const webhookSend = defineCommand({
  name: 'webhook send',
  summary: 'Send one signed event to a running app',
  operands: '<provider> <event>',
  minOperands: 0,
  maxOperands: 2,
  options,
  notes: [
    `Without --secret-env and --secret-file the secret is that of ${secretVariable} or, without that, one drawn from`,
    'the seed, which is shown. Asymmetric schemes take a private key; what the app checks with is shown.',
    'Where --fault says no time, replay (afterMs), burst (everyMs) and delay (delayMs) take 1000 ms, not what they',
    'take in a plan of faults.',
    'Exit codes: 0 the app took everything that arrived, as this provider wants it; 1 it refused something.',
  ].join('\n'),
  async run(values, [name, type], world) {
    if (values.list !== undefined) {
      if (name !== undefined)
        throw usage(`--list sends nothing, so there is no use for "${printable(name)}".`, `--list ${values.list}`)
      return list(providerOf(values.list), world)
    }
    if (name === undefined) {
      throw usage('`goodfence webhook send` needs <provider> <event>.', 'goodfence webhook send github push --to URL')
    }
    requirePlain('<event>', type)
    requirePlain('--id', values.id)
    for (const setting of values.config) requirePlain('--config', setting)
    const provider = providerOf(name)
    const url = addressOf(values.to)
    const { scheme } = provider.webhooks
    const rules = faultRules(values.fault, values.copies)
    const config = configOf(scheme, values.config, url, world)
    const count = rules.some(({ fault }) => fault.kind === 'reorder') ? 2 : 1
    const made = await eventMaker(provider, type, values, world)
    const secret = await sendingSecret(
      scheme,
      { variable: values['secret-env'], file: values['secret-file'], seed: values.seed ?? 1 },
      world,
    )
    const random = values.seed === undefined ? systemRandom : seededRandom(values.seed, 'webhook send')
    const events = Array.from({ length: count }, (_, at) => {
      const id = at === 0 ? values.id : undefined
      return certified(scheme, made({ url, atMs: systemClock.now(), random, id }), values.config)
    })
    requireSignable(scheme, events[0] as ExampleEvent, secret, config)

    const sending = { provider, events, secret, config, rules, seed: values.seed ?? 1, clock: systemClock }
    const ids = scheme.event.id === undefined ? [] : [events.map(({ id }) => id).join(', ')]
    const shown = [scheme.id, events[0]?.type, ...ids].join(' ')
    tellUnnamed(scheme, values, world)
    if (values['dry-run']) {
      await sendEvents({ ...sending, service: showing(world) })
      return 0
    }
    const attempts = await slowly(world, `Waiting for ${url}`, () => sendEvents(sending))
    world.stdout.write(`${shown} to ${url}\n`)
    for (const attempt of attempts) world.stdout.write(`  ${told(attempt)}\n`)
    return attempts.every(({ taken, error }) => taken === true || error === 'lost') ? 0 : 1
  },
})

function told({ status, error, answer = '', taken, tookMs = 0, note }: DeliveryAttempt): string {
  const remark = note === undefined || note === error ? '' : ` (${note})`
  const blocked = error === 'bad port' ? ', one that fetch never connects to: let the app listen on another' : ''
  if (status === undefined) return `no answer after ${tookMs} ms: ${error}${blocked}${remark}`
  if (taken === true) return `${status} after ${tookMs} ms: taken${remark}`
  const [said] = answer.trim().split(/[\r\n]/)
  return `${status} after ${tookMs} ms: refused${remark}${said ? `: ${printable(said)}` : ''}`
}

/** Tells what deliveries of this provider do not say, so that nobody looks for it. */
function tellUnnamed({ id, event }: Scheme, given: Sending, { stderr }: World): void {
  if (event.type === undefined)
    stderr.write(`goodfence: deliveries of ${id} name no type of event; receivers call each "delivery"\n`)
  if (event.id === undefined && given.id !== undefined)
    stderr.write(`goodfence: deliveries of ${id} have no id of an event, so --id stands nowhere\n`)
}

/** A scheme's id, or the name of a provider that has one scheme. */
function providerOf(name: string): WebhookProvider {
  const named = webhookProviders.filter((provider) => provider.name === name)
  const isScheme = webhookProviders.some(({ webhooks }) => webhooks.scheme.id === name)
  return !isScheme && named.length === 1 ? (named[0] as WebhookProvider) : webhookProviderOf(name)
}

async function list({ title, webhooks: { scheme } }: WebhookProvider, { stdout, stderr }: World): Promise<number> {
  const examples = await webhookExamplesOf(scheme.id)
  for (const { type } of examples) stdout.write(`${type}\n`)
  if (examples.length === 0) {
    stderr.write(
      `goodfence: no event of ${title} was written down. Any type is sent, with a plain payload or --payload.\n`,
    )
  }
  return 0
}

function addressOf(to: string | undefined): string {
  const mend = '--to http://127.0.0.1:3000/webhooks'
  if (to === undefined) throw usage('Say where the app takes webhooks: --to URL.', mend)
  const url = URL.canParse(to) ? new URL(to) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usage(`--to needs a whole URL such as http://127.0.0.1:3000/webhooks, not "${to}".`, mend)
  }
  if (url.username !== '' || url.password !== '') {
    throw usage(
      '--to may hold no user name and no password: everybody on this machine can read the command line.',
      mend,
    )
  }
  return to
}

/** Makes the function that makes events: of the payload, of the example of that type, or of what the facts say. */
async function eventMaker(
  { title, webhooks: { scheme } }: WebhookProvider,
  type: string | undefined,
  { payload }: Sending,
  { cwd }: World,
): Promise<(options: ExampleEventOptions) => ExampleEvent> {
  const examples = await webhookExamplesOf(scheme.id)
  const types = examples.map((example) => example.type)
  const known = types.length === 0 ? '' : ` There are examples of ${types.join(', ')}.`
  if (type === undefined)
    throw usage(
      `Say which event of ${title} to send.${known}`,
      `goodfence webhook send ${scheme.id} ${types[0] ?? 'EVENT'} --to URL`,
    )
  if (payload !== undefined) {
    const body = Uint8Array.from(await readBytes(resolve(cwd, payload), 'payload'))
    return (options) => payloadEvent(scheme, { type, body }, options)
  }
  const example = examples.find((each) => each.type === type)
  if (example === undefined && examples.length > 0) {
    throw usage(
      `There is no example of a "${type}" of ${title}.${didYouMean(type, types)} Send your own with --payload FILE.`,
      '--payload FILE',
    )
  }
  return (options) => exampleEvent(scheme, example ?? plainExample(scheme, type), options)
}

/** Refuses control characters: no header, no address and no id of a provider has any. */
function requirePlain(what: string, text = ''): void {
  // oxlint-disable-next-line eslint/no-control-regex -- those are what must not be sent
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(text)) return
  throw usage(`${what} cannot be "${printable(text)}": it has a control character.`, `${what} without it`)
}

/** Refuses now, with the reason, what could not be signed. */
function requireSignable(
  scheme: Scheme,
  { body, url, headers, id }: ExampleEvent,
  secret: string,
  config: Record<string, string>,
): void {
  sign(scheme, {
    secret,
    body,
    url,
    headers,
    config,
    messageId: id,
    method: scheme.request.method,
    timestampMs: systemClock.now(),
  })
}

/** Takes every request and shows it. */
function showing({ stdout }: World): Service {
  return async (request) => {
    const lines = [`${request.method} ${request.url}`]
    for (const [name, value] of request.headers) lines.push(`${name}: ${value}`)
    stdout.write(`${lines.join('\n')}\n\n${new TextDecoder().decode(await bytesOf(request))}\n`)
    return new Response(null, { status: 204 })
  }
}

function usage(message: string, mend: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend })
}
