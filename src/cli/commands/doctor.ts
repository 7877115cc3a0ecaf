import { existsSync } from 'node:fs'
import { access, constants, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { defineCommand, type World } from '../command.ts'
import { tooOld } from '../node-version.ts'
import { version } from '../version.ts'

/** One thing looked at. `lacking` makes the command end with 1; `absent` is only told. */
interface Finding {
  readonly what: string
  readonly state: 'fine' | 'absent' | 'lacking'
  readonly detail: string
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Say what this machine has and lacks',
  operands: '',
  minOperands: 0,
  maxOperands: 0,
  options: {},
  async run(_values, _operands, world) {
    const findings = await Promise.all([
      Promise.resolve<Finding>({ what: 'goodfence', state: 'fine', detail: version }),
      Promise.resolve(runtime(process.versions.node)),
      sqlite(),
      folder(world),
      port(4010),
      port(4011),
      ...peers.map(([name, use]) => peer(name, use, world)),
      ...documentFolders.map(([name, use]) => documents(name, use)),
    ])
    const width = Math.max(...findings.map(({ what }) => what.length))
    const marks = { fine: 'ok  ', absent: '-   ', lacking: 'LACK' }
    for (const { what, state, detail } of findings)
      world.stdout.write(`${marks[state]}  ${what.padEnd(width)}  ${detail}\n`)
    return findings.some(({ state }) => state === 'lacking') ? 1 : 0
  },
})

/** The runtime that package.json asks for. */
function runtime(node: string): Finding {
  const problem = tooOld(node)
  return { what: 'Node.js', state: problem === undefined ? 'fine' : 'lacking', detail: problem ?? node }
}

async function sqlite(): Promise<Finding> {
  try {
    const { DatabaseSync } = await import('node:sqlite')
    new DatabaseSync(':memory:').close()
    return { what: 'node:sqlite', state: 'fine', detail: 'the inbox can be stored' }
  } catch {
    return {
      what: 'node:sqlite',
      state: 'lacking',
      detail: 'this Node was built without SQLite: use an official build',
    }
  }
}

async function folder({ cwd }: World): Promise<Finding> {
  try {
    await access(cwd, constants.W_OK)
    return { what: 'reports', state: 'fine', detail: `can be written to ${join(cwd, '.goodfence')}` }
  } catch {
    return { what: 'reports', state: 'lacking', detail: `${cwd} cannot be written to: choose a folder with --out` }
  }
}

async function port(number: number): Promise<Finding> {
  const what = `port ${number}`
  const server = createServer()
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(number, '127.0.0.1', () => server.close(() => resolve(true)))
  })
  return free
    ? { what, state: 'fine', detail: 'free' }
    : {
        what,
        state: 'absent',
        detail: `taken: give \`goodfence mock\` another --${number === 4010 ? 'port' : 'admin-port'}`,
      }
}

const peers = [
  ['@goodfence/generate', 'goodfence generate'],
  ['msw', 'goodfence/adapters/msw'],
  ['nock', 'goodfence/adapters/nock'],
  ['@stoplight/prism-cli', 'goodfence mock --engine prism'],
  ['pg', 'the inbox on PostgreSQL'],
] as const

async function peer(name: string, use: string, { cwd }: World): Promise<Finding> {
  const folders = [join(cwd, 'package.json'), import.meta.url].flatMap(
    (from) => createRequire(from).resolve.paths(name) ?? [],
  )
  return folders.some((folder) => existsSync(join(folder, name, 'package.json')))
    ? { what: name, state: 'fine', detail: `for ${use}` }
    : { what: name, state: 'absent', detail: `not installed; only needed for ${use}: npm install --save-dev ${name}` }
}

const documentFolders = [
  ['GOODFENCE_OFFICIAL_SPECS', 'comparing our slices with official documents'],
  ['GOODFENCE_CONFORMANCE', 'public conformance suites'],
] as const

async function documents(name: string, use: string): Promise<Finding> {
  const path = process.env[name]
  if (path === undefined) return { what: name, state: 'absent', detail: `not set; only needed for ${use}` }
  try {
    return { what: name, state: 'fine', detail: `${(await readdir(path)).length} entries in ${path}` }
  } catch {
    return { what: name, state: 'lacking', detail: `${path} cannot be read: correct it or unset ${name}` }
  }
}
