import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCliProcess } from '../support/cli-process.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.goodfence'), { recursive: true })
  folder = mkdtempSync(join(root, '.goodfence/watchdog-')) // inside the package, so that its own name can be imported
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A configuration whose pay() does this and nothing else. */
function configOf(name: string, pay: string): string {
  const file = join(folder, `${name}.config.ts`)
  writeFileSync(
    file,
    `import { writeSync } from 'node:fs'
    import { defineConfig, defineSubject } from 'goodfence/scenarios'
    const start = async () => ({
      operations: { async pay() { ${pay} } },
      webhooks: async () => new Response('ok'),
      observe: async () => ({ orders: {} }),
    })
    export default defineConfig({ provider: 'stripe', subject: defineSubject({ name: '${name}', provider: 'stripe', start }) })`,
  )
  return file
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a file of the repository and sends the signal as soon as it has said something. */
function run(args: readonly string[], onOutput?: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=goodfence-source', ...args], { cwd: root })
  const said = { stdout: '', stderr: '' }
  child.stderr.on('data', (chunk) => (said.stderr += chunk))
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk
    if (onOutput !== undefined) child.kill(onOutput)
  })
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, ...said })))
}

describe('a subject that keeps the event loop to itself', () => {
  test.each(['microtasks', 'loop'])('is named and ended: %s', async (way) => {
    const { signal, stderr } = await run(['test/support/busy-run.ts', way])
    expect(stderr).toContain(
      'goodfence: busy, in "takes a payment when nothing goes wrong", never lets go of the event loop: for 0.4 s',
    )
    expect(stderr.trim()).not.toContain('\n')
    expect(signal).toBe('SIGKILL')
  })

  test('is named and ended: while its configuration is loaded', async () => {
    const { signal, stderr } = await run(['test/support/busy-run.ts', 'loads'])
    expect(stderr).toContain(
      'goodfence: The configuration shop.config.ts, while it is loaded, never lets go of the event loop: for 0.4 s',
    )
    expect(signal).toBe('SIGKILL')
  })

  test('is ended also when nobody reads what is said about it', async () => {
    const child = spawn(process.execPath, ['--conditions=goodfence-source', 'test/support/busy-run.ts', 'loop'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.destroy()
    const signal = await new Promise((resolve) => child.once('exit', (_, name) => resolve(name)))
    expect(signal).toBe('SIGKILL')
  })

  test('is told from one that takes its time', async () => {
    expect(await run(['test/support/busy-run.ts', 'waits'])).toMatchObject({ code: 0, stdout: 'broken\n', stderr: '' })
  })

  test.each(['test', 'explore'])('lets itself be interrupted: %s', async (command) => {
    const config = configOf(`spins-${command}`, `writeSync(1, 'at work'); for (;;) await Promise.resolve()`)
    const ended = await run(['src/cli/main.ts', command, config], 'SIGINT')
    expect(ended).toMatchObject({ code: null, signal: 'SIGINT', stdout: 'at work' })
  })
})

describe('a subject that ends the process', () => {
  test.each([
    ['test', 'reports'],
    ['explore', 'found'],
  ])('is broken for goodfence %s, which says so', async (command, out) => {
    const config = configOf(`exits-${command}`, 'process.exit(0)')
    const { code, stdout } = await runCliProcess([command, config, '--out', join(folder, out)])
    expect(stdout).toContain('The process would have ended: the integration called process.exit(0).')
    expect(code).toBe(1)
  })
})
