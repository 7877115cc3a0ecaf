import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { careful } from '../../examples/checkout/careful/goodfence.config.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { explore } from '../../src/scenarios/explore.ts'
import { runCliProcess } from '../support/cli-process.ts'

const root = join(import.meta.dirname, '../..')
const config = (kind: string) => `examples/checkout/${kind}/goodfence.config.ts`
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.goodfence'), { recursive: true })
  folder = mkdtempSync(join(root, '.goodfence/explore-')) // inside the package, so that its own name can be imported
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('goodfence explore', () => {
  test('finds what breaks the careless shop and leaves a bundle that replays it', async () => {
    const out = join(folder, 'careless')
    const bundle = join(out, 'careless--holds-under-every-schedule.json')
    const { code, stdout } = await runCliProcess(['explore', config('careless'), '--out', out])
    expect(stdout).toMatch(/^careless: broken at schedule \d+\. Seed 1, /)
    expect(stdout).toContain('✗ holds under every schedule (careless)')
    expect(stdout).toMatch(/happened {3}\S/)
    expect(stdout).toContain(`replay     npx goodfence replay ${bundle}\n`)
    expect(code).toBe(1)

    const again = await runCliProcess(['replay', bundle])
    expect(again.stdout).toContain('Broken as before.')
    expect(again.code).toBe(1)
  })

  test('writes the same bundle for the same seed', async () => {
    const bundles = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const out = join(folder, name)
        await runCliProcess(['explore', config('careless'), '--seed', '7', '--out', out])
        return readFileSync(join(out, 'careless--holds-under-every-schedule.json'), 'utf8')
      }),
    )
    expect(JSON.parse(bundles[0]!)).toMatchObject({ seed: 7 })
    expect(bundles[1]).toBe(bundles[0])
  })

  test('ends with 0 when everything held, and says how much that was', async () => {
    const out = join(folder, 'careful')
    const { code, stdout, stderr } = await runCliProcess(['explore', config('careful'), '--budget', '1s', '--out', out])
    expect(stdout).toMatch(/^careful: \d+ schedules? held\..* Seed 1, .+\.\n$/)
    expect(stderr).toBe('')
    expect(existsSync(out)).toBe(false)
    expect(code).toBe(0)
  })

  test('explores each subject, whatever became of the one before', async () => {
    const { code, stdout } = await runCliProcess([
      'explore',
      'examples/checkout/goodfence.config.ts',
      '--budget',
      '2s',
      '--out',
      join(folder, 'both'),
    ])
    expect(stdout).toMatch(/^careful: \d+ schedules? held\./m)
    expect(stdout).toMatch(/^careless: broken at schedule \d+\./m)
    expect(code).toBe(1)
  })

  test('ends with 3 when there was no time to run anything', async () => {
    const { code, stdout } = await runCliProcess(['explore', config('careful'), '--budget', '0s'])
    expect(stdout).toMatch(/^careful: nothing ran\. Seed 1, /)
    expect(code).toBe(3)
  })

  test('leaves out what runs in real time, and says why', async () => {
    const file = join(folder, 'real.config.ts')
    writeFileSync(
      file,
      `export default { provider: 'stripe', subject: { name: 'far', provider: 'stripe', time: 'real', start() {} } }`,
    )
    const { code, stdout } = await runCliProcess(['explore', file])
    expect(stdout).toBe('far is not explored: it runs in real time, which allows too few schedules.\n')
    expect(code).toBe(3)
  })

  test('ends with 2 when the subject cannot be started', async () => {
    const file = join(folder, 'dead.config.ts')
    writeFileSync(
      file,
      `export default { provider: 'stripe', subject: { name: 'dead', provider: 'stripe', start() { throw new Error('no database') } } }`,
    )
    const { code, stdout, stderr } = await runCliProcess(['explore', file])
    expect(stderr).toBe('goodfence: dead could not be started. The subject threw while starting: Error: no database.\n')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('tells a terminal how far it is, and ends with 1 when it is interrupted', async () => {
    const interrupt = new AbortController()
    const lines: string[] = []
    let told = ''
    const stderr = { isTTY: true, write: (text: string) => (lines.push(text), interrupt.abort()) }
    const stdout = { write: (text: string) => (told += text) }
    const world = { stdout, stderr, cwd: root, colour: false, signal: interrupt.signal }
    expect(await runCli(['explore', config('careful')], world)).toBe(1)
    expect(lines).toEqual(['\r\u001b[2Kcareful: 25 schedules', '\r\u001b[2K'])
    expect(told).toMatch(/^careful: 25 schedules held\. Every schedule with no fault held\. Seed 1, /)
  })
})

describe('the careful shop', () => {
  test('holds under every schedule with at most one fault, and under those drawn with several seeds', async () => {
    for (const seed of [1, 2, 3]) {
      const { exhaustedFaults, found } = await explore({
        subject: careful,
        seed,
        maxSchedules: seed === 1 ? 900 : 200,
        exhaustiveFaults: seed === 1 ? 1 : 0,
        budgetMs: 600_000,
      })
      expect({ seed, happened: found?.result?.violations ?? [] }).toEqual({ seed, happened: [] })
      if (seed === 1) expect(exhaustedFaults).toBe(1)
    }
  }, 120_000)
})
