import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { prismService } from '../../adapters/prism.ts'
import { serve, type Server } from '../../adapters/node-server.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { randomToken, systemRandom } from '../../core/random.ts'
import { adminService } from '../../mocks/admin/service.ts'
import { createMock, type Mock, type MockOptions } from '../../mocks/mock.ts'
import { joinNames } from '../../mocks/plan-names.ts'
import { type FaultPlan, readPlan, requireExchangeFaults } from '../../mocks/plan.ts'
import { createStripeMock, stripeDocument } from '../../mocks/providers/stripe/create-stripe-mock.ts'
import { loadDocument } from '../../openapi/load.ts'
import { notEnforced } from '../../openapi/not-enforced.ts'
import { type ApiDocument } from '../../openapi/model.ts'
import { type Manifest } from '../../providers/manifest.ts'
import { manifests } from '../../providers/manifests.ts'
import { type WebhookTarget } from '../../webhooks/delivery.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { defineCommand, type World } from '../command.ts'
import { slowly } from '../progress.ts'
import { readJson } from '../read-json.ts'

export const mock = defineCommand({
  name: 'mock',
  endsGently: true,
  summary: 'Run mock providers',
  operands: '<document-or-provider>...',
  minOperands: 1,
  maxOperands: 50,
  options: {
    port: {
      type: 'number',
      max: 65_535,
      value: 'N',
      default: 4010,
      help: 'Port of the first document; the others count up. 0 takes any free one',
    },
    host: { type: 'text', value: 'HOST', default: '127.0.0.1', help: 'Address to listen on' },
    'admin-port': { type: 'number', value: 'N', max: 65_535, default: 4011, help: 'Port of the admin API' },
    seed: { type: 'number', value: 'N', default: 1, help: 'Seed of ids, secrets and faults' },
    plan: { type: 'text', value: 'FILE', help: 'Fault plan in force from the start' },
    engine: { type: 'text', choices: ['builtin', 'prism'], default: 'builtin', help: 'What answers' },
    'webhook-url': { type: 'text', value: 'URL', help: 'Where events are sent' },
    'no-validate': { type: 'flag', help: 'Take requests that the document does not allow' },
    'no-state': { type: 'flag', help: 'Answer from examples, remember nothing' },
  },
  notes: `Providers: ${manifests.map(({ name }) => name).join(', ')}. Anything else is the path of an OpenAPI document.`,
  async run(values, operands, world) {
    const target = values['webhook-url']
    if (target !== undefined && !/^https?:$/.test(URL.parse(target)?.protocol ?? ''))
      throw usage(`--webhook-url needs a whole URL such as http://127.0.0.1:3000/webhooks, not "${target}".`)
    const webhooks = target === undefined ? [] : [{ url: target }]
    if (target !== undefined && values.engine === 'prism') throw silent('Prism sends no webhooks')
    if (target !== undefined && values['no-state'])
      throw silent('without state nothing happens that a webhook tells of')
    const plan = values.plan === undefined ? undefined : await planFrom(resolve(world.cwd, values.plan), values.engine)
    const settings = {
      seed: values.seed,
      validate: !values['no-validate'],
      state: !values['no-state'],
      ...(plan === undefined ? {} : { plan }),
    }
    await using servers = new AsyncDisposableStack()
    const mocks: Mock[] = []
    for (const operand of operands) {
      mocks.push(
        await slowly(world, `Reading ${operand}`, () => mockOf(operand, settings, webhooks, values.engine, world)),
      )
    }
    if (target !== undefined && mocks.every(({ outbox }) => outbox.targets().length === 0))
      throw silent(`webhooks are sent only by mocks of ${manifests.map(({ name }) => name).join(', ')}`)
    // One plan serves all: a name has to be known to one of them.
    if (values.plan !== undefined) {
      readPlan(plan, resolve(world.cwd, values.plan), joinNames(mocks.map(({ planNames }) => planNames)))
    }
    const token = randomToken(systemRandom, 32)
    const admin = servers.use(
      await serve(adminService(mocks, { token, hosts: [values.host] }), {
        host: values.host,
        port: values['admin-port'],
      }),
    )
    const listening: Server[] = []
    let port = values.port
    for (const service of mocks) {
      if (port !== 0 && port === values['admin-port']) port++
      listening.push(servers.use(await serve(service, { host: values.host, port })))
      if (port !== 0) port++
    }
    world.stderr.write(`goodfence admin ${admin.url} token ${token}\n`)
    for (const made of mocks) {
      for (const { url } of made.outbox.targets())
        world.stderr.write(`goodfence webhooks of ${made.name} go to ${url} secret ${made.outbox.secretOf(url)}\n`)
      const keywords = notEnforced(made.document)
      if (keywords.length > 0) world.stderr.write(`goodfence ${made.name} does not enforce: ${keywords.join(', ')}\n`)
    }
    for (const { url } of listening) world.stdout.write(`goodfence mock listening on ${url}\n`)
    await aborted(world.signal)
    for (const made of mocks) await made[Symbol.asyncDispose]()
    return 0
  },
})

type Settings = Pick<MockOptions, 'seed' | 'validate' | 'state' | 'plan'>

/** A mock of a provider by name, or of a document by path. Only that of a provider has webhooks to send. */
async function mockOf(
  operand: string,
  settings: Settings,
  webhooks: readonly WebhookTarget[],
  engine: string,
  world: World,
): Promise<Mock> {
  const manifest = manifests.find(({ name }) => name === operand)
  if (manifest !== undefined)
    return engine === 'prism'
      ? behindPrism(await stripeDocument(), settings)
      : createStripeMock({ ...settings, webhooks })
  const path = resolve(world.cwd, operand)
  if (!existsSync(path) && !/[./\\]/.test(operand)) {
    const known = manifests.map(({ name }) => name)
    throw new GoodfenceError(
      'unknown_provider',
      `"${operand}" is neither a provider nor a file.${didYouMean(operand, known)}`,
      { name: operand, known },
    )
  }
  const document = await loadDocument(path)
  if (engine === 'prism') return behindPrism(document, settings)
  return providerOf(document) === undefined
    ? createMock({ ...settings, document })
    : createStripeMock({ ...settings, webhooks, document })
}

async function behindPrism(document: ApiDocument, settings: Settings): Promise<Mock> {
  return createMock({ ...settings, document, engine: await prismService(document.path) })
}

/** The provider whose own document this is, told by the servers that it names. */
function providerOf(document: ApiDocument): Manifest | undefined {
  const hosts = new Set(document.servers.filter((url) => URL.canParse(url)).map((url) => new URL(url).host))
  return manifests.find(({ baseUrls }) => hosts.has(new URL(baseUrls.live).host))
}

async function planFrom(path: string, engine: string): Promise<FaultPlan> {
  const plan = readPlan(await readJson(path, 'fault plan'), path)
  if (engine === 'prism') requireExchangeFaults(plan, path, 'Prism sends no webhooks')
  return plan
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Who gives a URL waits for webhooks: better no mock than one that is waited for in vain. */
function silent(why: string): GoodfenceError<'usage'> {
  return usage(`--webhook-url has no effect: ${why}. Leave it out.`)
}

function usage(message: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', `${message} See \`goodfence mock --help\`.`, { mend: 'goodfence mock --help' })
}
