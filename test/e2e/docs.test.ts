import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPlan } from '../../src/mocks/plan.ts'
import { type Block, docBlocks, root } from '../support/docs.ts'

const run = promisify(execFile)
const folder = join(root, '.goodfence/docs-check') // inside the package, so that its own name can be imported
const blocks = docBlocks()
const programs = blocks.filter(({ language }) => language === 'ts')
const nameOf = ({ file, line }: Block) => `${file}:${line}`
const fileOf = (block: Block) => join(folder, `${nameOf(block).replace(/[^\w]+/g, '-')}.ts`)

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const block of programs) writeFileSync(fileOf(block), `${block.text}\nexport {}\n`)
  const compilerOptions = { rootDir: root }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('there are examples to check', () => {
  expect(programs.length).toBeGreaterThan(5)
})

test('every example is well typed', async () => {
  const result = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  expect(result).toBe('')
})

describe('examples that run print what they say', () => {
  test.each(programs.filter(({ flags }) => flags.includes('run')).map((block) => [nameOf(block), block] as const))(
    '%s',
    async (_, block) => {
      const { stdout } = await run(process.execPath, ['--conditions=goodfence-source', fileOf(block)], { cwd: root })
      expect(stdout.trim()).toBe((block.output ?? '').trim())
    },
  )
})

describe('fault plans in the guides are plans', () => {
  test.each(
    blocks
      .filter(({ language, text }) => language === 'json' && text.includes('"faults"'))
      .map((block) => [nameOf(block), block] as const),
  )('%s', (name, { text }) => {
    expect(readPlan(JSON.parse(text), name).faults.length).toBeGreaterThan(0)
  })
})

test('every link inside the documentation leads somewhere', async () => {
  const { readFile } = await import('node:fs/promises')
  const lost: string[] = []
  for (const file of new Set([...blocks.map((block) => block.file), 'README.md'])) {
    const text = (await readFile(join(root, file), 'utf8')).replace(/^```.*?^```$|`[^`\n]*`/gms, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(file), target))) lost.push(`${file} → ${target}`)
    }
  }
  expect(lost).toEqual([])
})
