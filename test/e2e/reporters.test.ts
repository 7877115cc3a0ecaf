import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type CtrfDocument } from '../../src/reports/ctrf.ts'
import { runCliProcess } from '../support/cli-process.ts'
import { elements, readXml } from '../support/read-xml.ts'

const root = join(import.meta.dirname, '../..')
const both = 'examples/checkout/goodfence.config.ts'
const bundle = 'careless--charges-once-when-the-reply-is-lost.json'
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.goodfence'), { recursive: true })
  folder = mkdtempSync(join(root, '.goodfence/reporters-'))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One scenario against the careful and the careless shop. */
async function reported(reporter: string) {
  const out = join(folder, reporter.replaceAll(',', '-'))
  const args = ['test', both, '--grep', 'charges once when the reply is lost', '--reporter', reporter, '--out', out]
  return { ...(await runCliProcess(args)), out, files: () => readdirSync(out).toSorted() }
}

describe('goodfence test --reporter', () => {
  test('text writes nothing but the bundle', async () => {
    const { code, stdout, files } = await reported('text')
    expect(stdout).toContain('2 scenarios: 1 hold, 1 broken, 0 unknown.')
    expect(files()).toEqual([bundle])
    expect(code).toBe(1)
  })

  test('junit writes well-formed XML in which the broken scenario is a failure', async () => {
    const { code, stdout, out, files } = await reported('junit')
    expect(files()).toEqual([bundle, 'junit.xml'])
    expect(stdout).toContain(join(out, 'junit.xml'))
    const suites = readXml(readFileSync(join(out, 'junit.xml'), 'utf8'))
    expect(suites).toMatchObject({ name: 'testsuites', attributes: { tests: '2', failures: '1', errors: '0' } })
    expect(elements(suites, 'testsuite').map(({ attributes }) => attributes['name'])).toEqual(['careful', 'careless'])
    for (const { attributes } of elements(suites, 'testcase')) {
      expect(attributes).toMatchObject({
        name: 'charges once when the reply is lost',
        classname: expect.stringMatching(/^stripe\.care/),
        time: expect.stringMatching(/^\d+\.\d{3}$/),
      })
    }
    const [failure] = elements(suites, 'failure')
    expect(failure?.attributes).toMatchObject({ type: 'at-most-once' })
    expect(failure?.text).toContain(`npx goodfence replay ${join(out, bundle)}`)
    expect(code).toBe(1)
  })

  test('ctrf writes what its schema requires', async () => {
    const { code, out, files } = await reported('ctrf')
    expect(files()).toEqual([bundle, 'ctrf.json'])
    const ctrf = JSON.parse(readFileSync(join(out, 'ctrf.json'), 'utf8')) as CtrfDocument
    const count = expect.any(Number)
    expect(ctrf).toMatchObject({
      reportFormat: 'CTRF',
      specVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      results: {
        tool: { name: 'goodfence' },
        summary: { tests: 2, passed: 1, failed: 1, skipped: 0, pending: 0, other: 0, start: count, stop: count },
      },
    })
    expect(ctrf.results.tests.map(({ name, status, duration }) => [name, status, typeof duration])).toEqual([
      ['charges once when the reply is lost', 'passed', 'number'],
      ['charges once when the reply is lost', 'failed', 'number'],
    ])
    expect(code).toBe(1)
  })

  test('html writes one page that needs nothing else', async () => {
    const { code, out, files } = await reported('html')
    expect(files()).toEqual([bundle, 'report.html'])
    const page = readFileSync(join(out, 'report.html'), 'utf8')
    expect(page).toMatch(/^<!doctype html>/i)
    expect(page).toContain('charges once when the reply is lost')
    expect(page).not.toMatch(/(?:src|href)="https?:/)
    expect(code).toBe(1)
  })

  test('github annotates what is broken and adds to the summary of the job', async () => {
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'before\n')
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary)
    const { code, stdout } = await reported('github')
    expect(stdout.split('\n').filter((line) => line.startsWith('::error'))).toEqual([
      expect.stringContaining('charges once when the reply is lost'),
    ])
    const written = readFileSync(summary, 'utf8')
    expect(written).toMatch(/^before\n/)
    expect(written).toContain('charges once when the reply is lost')
    expect(code).toBe(1)
  })

  test('takes several with commas', async () => {
    const { files } = await reported('junit,ctrf,html')
    expect(files()).toEqual([bundle, 'ctrf.json', 'junit.xml', 'report.html'])
  })

  test('refuses one that it does not know', async () => {
    const { code, stderr } = await reported('junitt')
    expect(stderr).toBe('goodfence: --reporter cannot be "junitt". Did you mean "junit"?\n')
    expect(code).toBe(2)
  })
})

describe('a subject that cannot be started', () => {
  test('ends with 2 and one clear line, and the reports are there all the same', async () => {
    const out = join(folder, 'dead')
    const file = join(folder, 'dead.config.ts')
    writeFileSync(
      file,
      `export default { provider: 'stripe', subject: { name: 'dead', provider: 'stripe', start() { throw new Error('no database') } } }`,
    )
    const { code, stdout, stderr } = await runCliProcess(['test', file, '--reporter', 'junit,ctrf', '--out', out])
    expect(stderr).toBe('goodfence: dead could not be started. The subject threw while starting: Error: no database.\n')
    expect(code).toBe(2)
    expect(stdout).toMatch(/scenarios: 0 hold, 0 broken, \d+ unknown\./)
    expect(stdout.match(/no database/g)).toHaveLength(1)
    const suites = readXml(readFileSync(join(out, 'junit.xml'), 'utf8'))
    expect(suites.attributes['failures']).toBe(suites.attributes['tests'])
    expect(elements(suites, 'failure')[0]?.attributes).toMatchObject({
      type: 'unknown',
      message: expect.stringContaining('no database'),
    })
  })
})
