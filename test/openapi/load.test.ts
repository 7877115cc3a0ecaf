import { chmodSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { digestOf } from '../../src/openapi/cache.ts'
import { loadDocument } from '../../src/openapi/load.ts'
import { lines, send } from './documents.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'goodfence-openapi-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const head = 'openapi: 3.0.3\ninfo: { title: Pets, version: "1" }\n'

describe('loadDocument', () => {
  test('reads YAML and JSON alike', async () => {
    const paths = { '/pets': { get: { operationId: 'listPets', responses: {} } } }
    const yaml = write('a.yaml', `${head}paths:\n  /pets:\n    get: { operationId: listPets, responses: {} }\n`)
    const json = write('a.json', JSON.stringify({ openapi: '3.1.0', info: { title: 'Pets', version: '1' }, paths }))
    for (const path of [yaml, json]) {
      const document = await loadDocument(path, { cacheDir: false })
      expect(document.operations.map(({ name, id }) => [name, id])).toEqual([['GET /pets', 'listPets']])
    }
  })

  test.each([
    ['bad.yaml', 'openapi: 3.0.3\npaths:\n  /a: [1\n  b: 2\n', 'document_malformed', /bad\.yaml:4:\d+: .*YAML or JSON/],
    ['bad.json', '{"openapi": "3.0.3",\n "paths": {]}', 'document_malformed', /bad\.json:2:12: .*YAML or JSON/],
    ['cut.json', '{"openapi": "3.0.3",\n "paths": {', 'document_malformed', /cut\.json:2:12: /],
    ['empty.yaml', '', 'document_malformed', /empty\.yaml/],
    ['list.yaml', '- 1\n', 'document_malformed', /list\.yaml#: an OpenAPI document is an object/],
    ['none.yaml', 'info: {}\n', 'document_malformed', /none\.yaml#\/openapi: .*add for instance openapi: 3\.1\.0/],
    ['old.yaml', 'swagger: "2.0"\n', 'document_unsupported', /old\.yaml is a Swagger 2\.0 document.*swagger2openapi/],
    ['new.yaml', 'openapi: 4.0.0\n', 'document_unsupported', /openapi: 4\.0\.0; versions 3\.0, 3\.1 and 3\.2/],
    ['paths.yaml', 'openapi: 3.1.0\npaths: []\n', 'document_malformed', /#\/paths: paths must be an object/],
    [
      'slash.yaml',
      'openapi: 3.1.0\npaths: { pets: {} }\n',
      'document_malformed',
      /#\/paths\/pets: a path must start with a slash/,
    ],
    ['item.yaml', 'openapi: 3.1.0\npaths: { /pets: 1 }\n', 'document_malformed', /#\/paths\/~1pets: /],
    [
      'op.yaml',
      'openapi: 3.1.0\npaths: { /pets: { get: 1 } }\n',
      'document_malformed',
      /#\/paths\/~1pets\/get: an operation must be an object/,
    ],
    [
      'remote.yaml',
      'openapi: 3.1.0\npaths: { /pets: { $ref: "https://x.test/a.yaml" } }\n',
      'document_unsupported',
      /refers to https:\/\/x\.test\/a\.yaml.*Save that file/,
    ],
    [
      'ref.yaml',
      'openapi: 3.1.0\npaths: { /pets: { $ref: "./gone.yaml" } }\n',
      'document_unreadable',
      /gone\.yaml, to which .*ref\.yaml refers: there is no such file/,
    ],
  ])('says where %s is wrong and how to mend it', async (name, text, code, message) => {
    const failure = loadDocument(write(name, text), { cacheDir: false })
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
  })

  test('says that a file is missing or is a directory', async () => {
    await expect(loadDocument(join(folder, 'gone.yaml'))).rejects.toMatchObject({ code: 'document_unreadable' })
    await expect(loadDocument(folder)).rejects.toThrow(/it is a directory/)
  })

  test('bundles the files that a document refers to, also in a circle', async () => {
    mkdirSync(join(folder, 'schemas'))
    write(
      'schemas/pet.yaml',
      'Pet:\n  type: object\n  required: [name]\n  properties:\n    name: { $ref: "#/Name" }\n    owner: { $ref: "./owner.json" }\nName: { type: string, maxLength: 3 }\n',
    )
    write(
      'schemas/owner.json',
      JSON.stringify({
        type: 'object',
        properties: {
          pets: { type: 'array', items: { $ref: 'pet.yaml#/Pet' } },
          id: { $ref: '../main.yaml#/components/schemas/Id' },
        },
      }),
    )
    write(
      'paths.yaml',
      'post:\n  requestBody:\n    content: { application/json: { schema: { $ref: "schemas/pet.yaml#/Pet" } } }\n  responses: {}\n',
    )
    const main = write(
      'main.yaml',
      `${head}paths: { /pets: { $ref: paths.yaml } }\ncomponents: { schemas: { Id: { type: integer } } }\n`,
    )

    const document = await loadDocument(main, { cacheDir: false })
    const post = (value: unknown) => lines(send(document, 'POST', '/pets', { body: JSON.stringify(value) }).problems)
    expect(post({ name: 'Rex', owner: { id: 1, pets: [{ name: 'Bo' }] } })).toEqual([])
    expect(post({ name: 'Rexy', owner: { id: 'x', pets: [{}] } })).toEqual([
      'body name: maxLength',
      'body owner[pets][0][name]: required',
      'body owner[id]: type',
    ])
  })

  test('takes the names and the files of a discriminator for what they are', async () => {
    write('dog.yaml', 'type: object\nrequired: [tail]\n')
    const union = {
      oneOf: [{ $ref: '#/components/schemas/api.v1.json.Cat' }, { $ref: './dog.yaml' }],
      discriminator: { propertyName: 'kind', mapping: { cat: 'api.v1.json.Cat', dog: './dog.yaml' } },
    }
    const path = write(
      'main.json',
      JSON.stringify({
        openapi: '3.1.0',
        paths: {
          '/pets': { post: { requestBody: { content: { 'application/json': { schema: union } } }, responses: {} } },
        },
        components: { schemas: { 'api.v1.json.Cat': { type: 'object', required: ['lives'] } } },
      }),
    )
    const document = await loadDocument(path, { cacheDir: false })
    const post = (value: unknown) => lines(send(document, 'POST', '/pets', { body: JSON.stringify(value) }).problems)
    expect(post({ kind: 'cat' })).toEqual(['body lives: required'])
    expect(post({ kind: 'dog' })).toEqual(['body tail: required'])
  })

  test('survives a document whose YAML anchors form a circle', async () => {
    const path = write('loop.yaml', `${head}paths: {}\nx-loop: &loop\n  again: *loop\n`)
    expect((await loadDocument(path, { cacheDir: false })).operations).toEqual([])
  })
})

describe('the cache of parsed documents', () => {
  const big = `${head}paths:\n${Array.from({ length: 2_000 }, (_, i) => `  /pets/${i}:\n    get: { operationId: pet${i}, responses: {} }\n`).join('')}`

  test('keeps a large document under its digest, for its owner only, and reads it back', async () => {
    const cacheDir = join(folder, 'cache')
    const path = write('big.yaml', big)
    const first = await loadDocument(path, { cacheDir })
    const [name = ''] = readdirSync(cacheDir)
    expect(name).toMatch(/^[0-9a-f]{64}\.\d+\.json$/)
    expect(statSync(join(cacheDir, name)).mode & 0o777).toBe(0o600)
    expect(statSync(cacheDir).mode & 0o777).toBe(0o700)
    expect((await loadDocument(path, { cacheDir })).raw).toEqual(first.raw)
  })

  test('is read instead of parsing again', async () => {
    const cacheDir = join(folder, 'cache')
    const path = write('big.yaml', big)
    await loadDocument(path, { cacheDir })
    const file = join(cacheDir, readdirSync(cacheDir)[0] as string)
    const other = JSON.stringify({ openapi: '3.0.3', info: { title: 'From the cache' }, paths: {} })
    writeFileSync(file, `${digestOf(other)}\n${other}`)
    expect((await loadDocument(path, { cacheDir })).title).toBe('From the cache')
  })

  test('is not believed when it was altered or torn', async () => {
    const cacheDir = join(folder, 'cache')
    const path = write('big.yaml', big)
    const document = await loadDocument(path, { cacheDir })
    const file = join(cacheDir, readdirSync(cacheDir)[0] as string)
    const kept = readFileSync(file, 'utf8')
    for (const spoilt of [kept.replace('pet7', 'cat7'), kept.slice(0, -100), '']) {
      writeFileSync(file, spoilt)
      expect((await loadDocument(path, { cacheDir })).raw).toEqual(document.raw)
      expect(readFileSync(file, 'utf8')).toBe(kept)
    }
  })

  test('does without a folder that it cannot have', async () => {
    const path = write('big.yaml', big)
    const file = write('file', '')
    expect((await loadDocument(path, { cacheDir: join(file, 'cache') })).operations).toHaveLength(2_000)
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o500)
    expect((await loadDocument(path, { cacheDir: locked })).operations).toHaveLength(2_000)
  })

  test('keeps small documents nowhere', async () => {
    const cacheDir = join(folder, 'cache')
    await loadDocument(write('small.yaml', `${head}paths: {}\n`), { cacheDir })
    expect(() => readdirSync(cacheDir)).toThrow(/ENOENT/)
  })
})
