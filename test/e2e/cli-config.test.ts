import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCliProcess } from '../support/cli-process.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.goodfence'), { recursive: true })
  folder = mkdtempSync(join(root, '.goodfence/config-')) // inside the package, so that its own name can be imported
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a configuration whose subject starts so, with these lines before it. */
function configOf(name: string, lines: string, start = 'async () => { throw new Error("not now") }'): string {
  const file = join(folder, `${name}.config.ts`)
  writeFileSync(
    file,
    `import { defineConfig, defineSubject } from 'goodfence/scenarios'
${lines}
export const subject = defineSubject({ name: '${name}', provider: 'stripe', start: ${start} })
export default defineConfig({ provider: 'stripe', subject })
`,
  )
  return file
}

const idle = `async () => ({
  operations: { pay: async () => {} },
  webhooks: async () => new Response('ok'),
  observe: async () => ({ orders: {} }),
})`

describe('an integration that leaves something open', () => {
  const open = `import { createServer } from 'node:net'
createServer().listen(0, '127.0.0.1')
createServer().listen(0, '127.0.0.1')
setInterval(() => {}, 1_000)`
  const told =
    'goodfence: 2 listening servers and a timer were still open, so the process was ended. Close in stop() what an integration opens in start(); a configuration that is loaded opens nothing.\n'

  test('is told what kept test alive, after the report and with its code', async () => {
    const args = [
      'test',
      configOf('open', open, idle),
      '--out',
      join(folder, 'out'),
      '--grep',
      'when nothing goes wrong',
    ]
    const { code, stdout, stderr } = await runCliProcess(args)
    expect(stdout).toContain('1 scenario: 0 hold, 1 broken, 0 unknown.')
    expect(stderr).toBe(told)
    expect(code).toBe(1)
  })

  test('is told by explore as well', async () => {
    const args = ['explore', configOf('explored', open, idle), '--out', join(folder, 'out'), '--budget', '100ms']
    const { code, stderr } = await runCliProcess(args)
    expect(stderr).toBe(told)
    expect(code).toBe(1)
  })

  test.each([
    ['its last timer', 'setTimeout(() => process.exit(0), 200)'],
    ['an idle process', "process.on('beforeExit', () => process.exit(0))"],
    ['the exit itself', "process.on('exit', () => void (process.exitCode = 0))"],
  ])('changes no verdict by %s', async (name, lines) => {
    const file = configOf(name.replaceAll(' ', '-'), lines, idle)
    const args = ['test', file, '--out', join(folder, 'out'), '--grep', 'when nothing goes wrong']
    const { code, stdout } = await runCliProcess(args)
    expect(stdout).toContain('1 scenario: 0 hold, 1 broken, 0 unknown.')
    expect(code).toBe(1)
  })

  test('and has it closed soon is told nothing', async () => {
    const args = ['test', configOf('closes', 'setTimeout(() => {}, 50)', idle), '--out', join(folder, 'out')]
    const { code, stderr } = await runCliProcess(args)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  })
})

describe('a configuration ends test with 2 and is named, when it', () => {
  test.each([
    ['ends the process', 'process.exit(0)', 'ended the process while it was loaded'],
    ['waits for ever', 'await new Promise(() => {})', 'awaits something that never comes'],
    [
      'throws where nobody catches it',
      'setTimeout(() => { throw new Error("lost") }, 1)\nawait new Promise((go) => setTimeout(go, 1_000))',
      'ended the process while it was loaded',
    ],
    ['throws', 'const db = undefined as any\ndb.connect()', ', line 3: '],
    ['does not compile', 'const a: = 2', ', line 2: '],
    ['is refused', "defineSubject({ nam: 'x' } as never)", ', line 2: defineSubject() does not know "nam"'],
  ])('%s', async (name, lines, words) => {
    const file = configOf(name.replaceAll(' ', '-'), lines)
    const { code, stdout, stderr } = await runCliProcess(['test', file])
    expect(stderr).toContain(words)
    expect(stderr).toContain(file)
    expect(stderr).not.toContain('Warning')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('has a mistake in a file that it imports, whose line is told', async () => {
    writeFileSync(join(folder, 'shop.ts'), 'export const a = 1\nthrow new Error("no database")\n')
    const { code, stderr } = await runCliProcess(['test', configOf('imports', "import './shop.ts'")])
    expect(stderr).toContain(
      `${join(folder, 'imports.config.ts')} threw while it was loaded, ${join(folder, 'shop.ts')}, line 2: no database`,
    )
    expect(code).toBe(2)
  })
})

test('a bundle that was moved away from its configuration says what it names, and how to name another', async () => {
  const out = join(folder, 'moved')
  const config = configOf('mover', '', idle.replace('pay: async () => {}', 'pay: async () => process.exit(1)'))
  await runCliProcess(['test', config, '--out', out, '--grep', 'when nothing goes wrong'])
  mkdirSync(join(folder, 'deep/er'), { recursive: true })
  const bundle = join(folder, 'deep/er/one.json')
  renameSync(join(out, 'mover--takes-a-payment-when-nothing-goes-wrong.json'), bundle)
  const { code, stderr } = await runCliProcess(['replay', bundle])
  expect(stderr).toBe(
    `goodfence: The bundle ${bundle} names the configuration ../mover.config.ts, seen from where the bundle lies, and ${join(folder, 'deep/mover.config.ts')} does not exist. Name the right one with --config FILE.\n`,
  )
  expect(code).toBe(2)
  expect((await runCliProcess(['replay', bundle, '--config', config])).code).toBe(1)
})
