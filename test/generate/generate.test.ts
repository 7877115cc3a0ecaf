import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generate } from '@goodfence/generate'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'

let folder: string
const out = () => join(folder, 'out')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'goodfence-generate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

/** Stores a document, complete unless said otherwise, and gives its path. */
function stored(path: string, parts: object = {}): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  const ok = { 200: { description: 'Done.' } }
  const paths = { '/teapots': { get: { responses: ok } } }
  const info = { title: 'Teapots', version: '1' }
  writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info, paths, ...parts }))
  return file
}

const generated = async (path: string, parts?: object) => {
  const { files } = await generate({ document: stored(path, parts), outDir: out() })
  return files.map((file) => readFileSync(file, 'utf8')) as [string, string]
}

describe('generating', () => {
  test('writes types and a client, named after the file', async () => {
    const result = await generate({ document: stored('Tea Pots.v2.json'), outDir: out() })
    expect(result.name).toBe('tea-pots-v2')
    expect(result.files).toEqual([join(out(), 'tea-pots-v2.d.ts'), join(out(), 'tea-pots-v2-client.ts')])
    expect(readFileSync(join(out(), 'tea-pots-v2-client.ts'), 'utf8')).toContain(
      'export function createTeaPotsV2Client(',
    )
  })

  test('names a document with a plain name after its folder', async () => {
    const { name } = await generate({ document: stored('teapots/openapi.json'), outDir: out() })
    expect(name).toBe('teapots')
  })

  test('makes a usable name of any other', async () => {
    const { name } = await generate({ document: stored('2024.json'), outDir: out() })
    expect(name).toBe('api-2024')
  })

  test('gives the same bytes again, wherever the document lies', async () => {
    const first = await generated('a/teapots.json')
    const second = await generated('b/teapots.json')
    expect(second).toEqual(first)
    expect(first.join()).not.toContain(folder)
  })

  test('leaves the client out when asked to', async () => {
    const { files } = await generate({ document: stored('teapots.json'), outDir: out(), client: false })
    expect(files).toEqual([join(out(), 'teapots.d.ts')])
  })

  test('follows references into other files', async () => {
    writeFileSync(
      join(folder, 'pot.json'),
      JSON.stringify({ type: 'object', properties: { handles: { type: 'integer' } } }),
    )
    const schema = { $ref: './pot.json' }
    const responses = { 200: { description: 'Done.', content: { 'application/json': { schema } } } }
    const [types] = await generated('teapots.json', { paths: { '/teapots': { get: { responses } } } })
    expect(types).toContain('handles?: number')
  })
})

describe('a client', () => {
  const asked = (post: object) => ({ paths: { '/teapots': { post: { responses: {}, ...post } } } })
  const body = (type: string) => ({ requestBody: { content: { [type]: { schema: { type: 'object' } } } } })

  test('calls the first server, its variables filled in', async () => {
    const variables = { region: { default: 'eu' } }
    const [, client] = await generated('teapots.json', {
      servers: [{ url: 'https://{region}.teapots.test/v1/', variables }],
    })
    expect(client).toContain("const { baseUrl = 'https://eu.teapots.test/v1', ...layers } = options")
  })

  test('demands a base URL where the document has none, or a relative one', async () => {
    const [, without] = await generated('teapots.json')
    const [, relative] = await generated('teapots.json', { servers: [{ url: '/v1' }] })
    expect(without).toContain('readonly baseUrl: string\n')
    expect(relative).toBe(without)
    expect(without).not.toContain('formOf')
  })

  test('sends forms where every body is one, and JSON otherwise', async () => {
    const [, form] = await generated('teapots.json', asked(body('application/x-www-form-urlencoded')))
    const [, json] = await generated('teapots.json', asked(body('application/json')))
    expect(form).toContain('bodySerializer: formOf')
    expect(json).not.toContain('formOf')
  })

  test('puts brackets into queries where the document asks for them', async () => {
    const parameters = [{ name: 'expand', in: 'query', style: 'deepObject', schema: { type: 'array', items: {} } }]
    const [, deep] = await generated('teapots.json', asked({ parameters }))
    expect(deep).toContain("const deepNames = new Set(['expand'])")
  })

  test('cannot be led out of its comments by a title', async () => {
    const [types, client] = await generated('teapots.json', { info: { title: 'Tea */ pots\nexit()', version: '1\n2' } })
    expect(types.split('\n')[0]).toContain('"Tea */ pots exit()" 1 2')
    expect(client).toContain('Tea * / pots exit()')
  })
})

describe('a document is refused', () => {
  const refused = async (document: string) => {
    const failure = generate({ document, outDir: out() })
    await expect(failure).rejects.toThrow(`Cannot generate from ${document}`)
    expect(readdirSync(folder)).not.toContain('out')
    return failure.catch((error: Error) => error.message)
  }

  test('when there is none', async () => {
    expect(await refused(join(folder, 'none.yaml'))).toContain('ENOENT')
  })

  test('when it is no YAML', async () => {
    writeFileSync(join(folder, 'broken.yaml'), 'openapi: [')
    await refused(join(folder, 'broken.yaml'))
  })

  test('when it is a Swagger 2 document', async () => {
    const swagger = JSON.stringify({ swagger: '2.0', info: { title: 'Old', version: '1' }, paths: {} })
    writeFileSync(join(folder, 'old.json'), swagger)
    expect(await refused(join(folder, 'old.json'))).toContain('no OpenAPI 3 document')
  })

  test('when a reference leads nowhere', async () => {
    const paths = { '/teapots': { $ref: '#/components/pathItems/none' } }
    expect(await refused(stored('teapots.json', { paths }))).toContain('/paths/~1teapots')
  })

  test('when it refers to another machine', async () => {
    const paths = { '/teapots': { $ref: 'https://teapots.test/paths.yaml' } }
    expect(await refused(stored('teapots.json', { paths }))).toContain('https://teapots.test/paths.yaml')
  })
})
