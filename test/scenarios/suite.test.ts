import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { journalText } from '../../src/core/journal.ts'
import { bundleText, readBundle } from '../../src/scenarios/bundle.ts'
import { defineConfig, defineScenario, defineSubject } from '../../src/scenarios/define.ts'
import { atMostOnce } from '../../src/scenarios/invariants/index.ts'
import { replay } from '../../src/scenarios/replay.ts'
import { runSuite } from '../../src/scenarios/suite.ts'
import { order } from '../../src/scenarios/workload.ts'
import { fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const faults = [{ on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' as const } }]
const base = {
  provider: 'fake',
  promise: 'p',
  workload: [{ do: 'pay' as const, order: order('order-1') }],
  invariants: [atMostOnce()],
}
const pack = fakePack([
  defineScenario({ ...base, name: 'takes a payment', plan: { faults: [] } }),
  defineScenario({ ...base, name: 'charges once when the reply is lost', plan: { faults } }),
])
const config = defineConfig({
  provider: 'fake',
  subject: [shop({ name: 'careful' }), shop({ name: 'careless', keyless: true })],
})

describe('a suite', () => {
  test('runs every scenario against every subject and leaves a bundle for what is broken', async () => {
    const heard: string[] = []
    const { report, bundles } = await runSuite(config, {
      pack,
      seed: 3,
      version: '0.1.0',
      out: 'out',
      configPath: 'shop.config.ts',
      onResult: ({ subject, name, verdict }, done, total) =>
        heard.push(`${done}/${total} ${subject}: ${name}: ${verdict}`),
    })
    expect(heard).toEqual([
      '1/4 careful: takes a payment: holds',
      '2/4 careful: charges once when the reply is lost: holds',
      '3/4 careless: takes a payment: holds',
      '4/4 careless: charges once when the reply is lost: broken',
    ])
    expect(report.title).toBe('Fake scenarios against careful and careless')
    expect(report.results[3]).toMatchObject({
      replay: 'npx goodfence replay out/careless--charges-once-when-the-reply-is-lost.json',
      bundle: 'out/careless--charges-once-when-the-reply-is-lost.json',
      plan: ['The reply to the first POST /charges is lost.'],
      seed: 3,
    })
    expect(bundles.map(({ name }) => name)).toEqual(['careless--charges-once-when-the-reply-is-lost.json'])
    expect(bundles[0]?.bundle).toMatchObject({ config: 'shop.config.ts', seed: 3, versions: { goodfence: '0.1.0' } })
  })

  test.each([
    ['my out', `'my out/careless`],
    ["it's", `'it'\\''s/careless`],
  ])('quotes the path in the replay command: %s', async (out, quoted) => {
    const { report } = await runSuite(config, { pack, out })
    expect(report.results.find(({ verdict }) => verdict === 'broken')?.replay).toBe(
      `npx goodfence replay ${quoted}--charges-once-when-the-reply-is-lost.json'`,
    )
  })

  test('runs what its name is asked for', async () => {
    const { report } = await runSuite(config, { pack, grep: 'CARELESS' })
    expect(report.results.map(({ subject }) => subject)).toEqual(['careless', 'careless'])
    expect((await runSuite(config, { pack, grep: 'reply' })).report.results).toHaveLength(2)
    expect((await runSuite(config, { pack, grep: 'nothing of this name' })).report.results).toEqual([])
  })

  test('ends between two scenarios when it is told to', async () => {
    const controller = new AbortController()
    const { report } = await runSuite(config, { pack, signal: controller.signal, onResult: () => controller.abort() })
    expect(report.results).toHaveLength(1)
    expect(report.notes).toEqual(['The run was ended after 1 of 4 scenarios.'])
  })

  test('starts a subject that cannot be started once, and tells it apart from a verdict', async () => {
    let starts = 0
    const broken = shop({
      name: 'broken',
      start() {
        starts++
        throw new Error('no database')
      },
    })
    const { report, startFailure } = await runSuite(
      { provider: 'fake', subject: [broken, shop({ name: 'sound' })] },
      { pack },
    )
    expect(starts).toBe(1)
    expect(report.results.map(({ subject, verdict }) => `${subject} ${verdict}`)).toEqual([
      'broken unknown',
      'broken unknown',
      'sound holds',
      'sound holds',
    ])
    expect(startFailure?.message).toBe(
      'broken could not be started. The subject threw while starting: Error: no database.',
    )
  })

  test('comes out the same twice', async () => {
    const histories = async () =>
      (await runSuite(config, { pack })).bundles.map(({ bundle }) => journalText(bundle.history))
    expect(await histories()).toEqual(await histories())
  })
})

describe('replaying a bundle', () => {
  async function bundle() {
    const { bundles } = await runSuite(config, { pack })
    return readBundle(bundleText(bundles[0]!.bundle), 'one.json')
  }

  test('reproduces what was broken, with the same history', async () => {
    const written = await bundle()
    const { reproduced, result } = await replay(written, config, { pack })
    expect(reproduced).toBe(true)
    expect(result.verdict).toBe('broken')
    expect(result.violations).toEqual(written.violations)
  })

  test('holds once the subject is mended', async () => {
    const mended = defineConfig({ provider: 'fake', subject: shop({ name: 'careless' }) })
    const { reproduced, result } = await replay(await bundle(), mended, { pack })
    expect(reproduced).toBe(false)
    expect(result.verdict).toBe('holds')
  })

  test('needs the subject that it is about', async () => {
    const other = defineConfig({ provider: 'fake', subject: shop({ name: 'carefree' }) })
    const error = await replay(await bundle(), other, { pack }).catch((thrown: unknown) => thrown)
    expect(isGoodfenceError(error, 'config_invalid')).toBe(true)
    expect((error as Error).message).toContain('the subject "careless", which this configuration does not have.')
  })
})

describe('a configuration', () => {
  const scenario = { ...base, name: 'n', plan: { faults: [] } }
  test.each<[string, () => unknown, string]>([
    ['without a subject', () => defineConfig({ provider: 'fake', subject: [] }), 'has no subject'],
    [
      'with two subjects of one name',
      () => defineConfig({ provider: 'fake', subject: [shop(), shop()] }),
      'Two subjects have one name, "shop". Give each its own.',
    ],
    [
      'with two scenarios of one name',
      () => defineConfig({ provider: 'fake', subject: shop(), scenarios: [scenario, scenario] }),
      'Two scenarios have one name, "n". Give each its own.',
    ],
    [
      'with a misspelt field',
      () => defineConfig({ provider: 'fake', subjekt: shop() } as never),
      'defineConfig() does not know "subjekt". Did you mean "subject"?',
    ],
    [
      'with a field of something else',
      () => defineConfig({ provider: 'fake', subject: shop(), plan: { faults: [] } } as never),
      'defineConfig() does not know "plan". Known: provider, subject, scenarios.',
    ],
    ['without a provider', () => defineConfig({ subject: shop() } as never), 'needs a provider, such as "stripe"'],
    ['that is undefined', () => defineConfig(undefined as never), 'needs an object with provider, subject, scenarios'],
    [
      'with a subject that is none',
      () => defineConfig({ provider: 'fake', subject: ['shop'] } as never),
      'defineSubject() needs an object with name, provider, time, start, not shop.',
    ],
    [
      'with a subject that defineSubject has not seen',
      () => defineConfig({ provider: 'fake', subject: {} } as never),
      'A subject needs a name',
    ],
    [
      'with scenarios that are no list',
      () => defineConfig({ provider: 'fake', subject: shop(), scenarios: scenario } as never),
      'The scenarios of the configuration are no list',
    ],
    [
      'with a misspelt field of a scenario',
      () => defineConfig({ provider: 'fake', subject: shop(), scenarios: [{ ...scenario, healAfter: 1 } as never] }),
      'defineScenario() does not know "healAfter" of "n". Did you mean "healAfterMs"?',
    ],
    [
      'with a scenario that is none',
      () => defineConfig({ provider: 'fake', subject: shop(), scenarios: [undefined as never] }),
      'defineScenario() needs an object with name,',
    ],
    [
      'with a misspelt field of a subject',
      () => defineSubject({ ...shop(), timee: 'real' } as never),
      'defineSubject() does not know "timee" of "shop". Did you mean "time"?',
    ],
    [
      'with a subject of a time that there is not',
      () => defineSubject({ ...shop(), time: 'fast' as never }),
      'Subject "shop" cannot have the time "fast". Known: injected, globals, real.',
    ],
    [
      'with a subject that cannot start',
      () => defineSubject({ name: 'shop', provider: 'fake' } as never),
      'Subject "shop" needs start(env), which resolves with { webhooks, operations, observe }; it is undefined.',
    ],
    [
      'with a subject for another provider',
      () => defineConfig({ provider: 'stripe', subject: shop() }),
      'is for fake, the configuration for stripe',
    ],
    ['with a nameless subject', () => defineSubject({ ...shop(), name: ' ' }), 'A subject needs a name'],
    [
      'with a scenario that nothing could break',
      () => defineScenario({ ...base, name: 'n', plan: { faults: [] }, invariants: [] }),
      'has no invariants',
    ],
  ])('%s is refused', (_, make, message) => {
    let error: unknown
    try {
      make()
    } catch (thrown) {
      error = thrown
    }
    expect(isGoodfenceError(error, 'config_invalid')).toBe(true)
    expect((error as Error).message).toContain(message)
  })

  test('for an unknown provider is refused by name', async () => {
    await expect(runSuite(config)).rejects.toThrow('There are no scenarios for a provider "fake". Known: stripe.')
  })
})
