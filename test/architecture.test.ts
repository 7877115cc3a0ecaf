import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which folder of src may import which: the map of the house. A folder may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  openapi: ['core'],
  providers: ['core'],
  reports: ['core'],
  webhooks: ['core', 'providers'],
  clients: ['core', 'providers', 'generated'],
  mocks: ['core', 'openapi', 'providers', 'webhooks'],
  contracts: ['core', 'openapi', 'providers', 'reports'],
  adapters: ['core'],
  scenarios: ['core', 'openapi', 'providers', 'webhooks', 'mocks', 'contracts', 'reports', 'adapters'],
  dashboard: ['core'],
  cli: [
    'core',
    'openapi',
    'providers',
    'webhooks',
    'clients',
    'mocks',
    'contracts',
    'reports',
    'adapters',
    'scenarios',
    'dashboard',
  ],
}

interface Import {
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
}

const root = join(import.meta.dirname, '..')
const pattern =
  /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

const imports: readonly Import[] = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map((match) => ({
    file,
    specifier: (match[2] ?? match[3] ?? match[4]) as string,
    typeOnly: match[1] !== undefined,
  })),
)

const folderOf = (file: string) => file.split('/')[1] as string
const isRelative = (specifier: string) => specifier.startsWith('.')
const target = ({ file, specifier }: Import) => relative(root, join(root, dirname(file), specifier))

describe('the map of the house', () => {
  test('is read: there are imports to judge', () => {
    expect(imports.length).toBeGreaterThan(100)
  })

  test('folders import only what the map allows', () => {
    const strays = imports.filter(isRelativeImport).flatMap((entry) => {
      const from = folderOf(entry.file)
      const path = target(entry)
      const to = path.startsWith('generated/') ? 'generated' : folderOf(path)
      const allowed = from === to || (mayImport[from] ?? []).includes(to) || entry.file === 'src/index.ts'
      return allowed ? [] : [`${entry.file} imports ${path}`]
    })
    expect(strays).toEqual([])
  })

  test('no file inside the house imports a door', () => {
    const doors = imports
      .filter(isRelativeImport)
      .filter((entry) => target(entry).endsWith('/index.ts') && !entry.file.endsWith('/index.ts'))
      .map((entry) => `${entry.file} imports ${target(entry)}`)
    expect(doors).toEqual([])
  })

  test('a foreign library is imported by at most one file of a folder', () => {
    const users = new Map<string, Set<string>>()
    for (const { file, specifier, typeOnly } of imports) {
      if (typeOnly || isRelative(specifier) || specifier.startsWith('node:')) continue
      const library = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      const key = `${folderOf(file)} uses ${library}`
      users.set(key, (users.get(key) ?? new Set()).add(file))
    }
    const shared = [...users]
      .filter(([, files]) => files.size > 1)
      .map(([key, files]) => `${key} in ${[...files].join(', ')}`)
    expect(shared).toEqual([])
  })

  test('generated types are only ever imported as types', () => {
    const values = imports.filter((entry) => entry.specifier.includes('generated/') && !entry.typeOnly)
    expect(values).toEqual([])
  })
})

function isRelativeImport({ specifier }: Import): boolean {
  return isRelative(specifier)
}
