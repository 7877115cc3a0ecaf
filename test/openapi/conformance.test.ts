import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { readDocument } from '../../src/openapi/document.ts'
import { loadDocument } from '../../src/openapi/load.ts'
import { type Schema, isNode } from '../../src/openapi/model.ts'
import { sampleResponse } from '../../src/openapi/sample.ts'
import { validatorsOf } from '../../src/openapi/validators.ts'
import { validateResponse } from '../../src/openapi/validate-response.ts'
import { lines } from './documents.ts'
import { externalFolder, filesIn } from './external.ts'

const folder = externalFolder('GOODFENCE_CONFORMANCE') ?? ''

interface Group {
  readonly description: string
  readonly schema: Schema
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

/** Where we differ from JSON Schema's own suite, and why. */
const differing: Readonly<Record<string, RegExp>> = {
  'dynamicRef.json': /./, // not enforced, and reported so
  'format.json': /annotation by default/, // formats are enforced here
  'enum.json': /^empty enum/, // not enforced, and reported so
  'defs.json': /metaschema/, // the meta-schema would have to be fetched
  'ref.json': /^remote ref, containing refs itself/, // likewise
  'refRemote.json': /with different (URN )?\$id/, // a file known by another name than its own would have to be fetched
  'vocabulary.json': /./, // vocabularies are not understood
  'properties.json': /__proto__/, // lost when the document is written as a literal
  // ajv's own limits
  'unevaluatedItems.json': /nested items|dynamicRef|contains|from if without then/,
  'unevaluatedProperties.json': /dynamicRef|then not defined|from if without then/,
}

describe.runIf(folder)("JSON Schema's own suite", () => {
  const base = join(folder, 'json-schema')
  const remotes: Record<string, unknown> = {}
  for (const path of folder === '' ? [] : filesIn(join(base, 'remotes'), /\.json$/)) {
    const name = relative(join(base, 'remotes'), path)
    if (/^draft(?!2020-12)/.test(name)) continue
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isNode(value)) remotes[name] = { $id: `http://localhost:1234/${name}`, ...value }
  }
  const files = folder === '' ? [] : filesIn(join(base, 'tests/draft2020-12'), /^[^/]+\.json$/)

  test.for(files.map((path) => [basename(path), path] as const))('%s', ([name, path]) => {
    const failed: string[] = []
    for (const group of JSON.parse(readFileSync(path, 'utf8')) as Group[]) {
      const schema = isNode(group.schema) ? { $id: 'https://test.example/root', ...group.schema } : group.schema
      const raw = { openapi: '3.1.0', paths: {}, components: { schemas: { It: schema } }, 'x-remotes': remotes }
      const document = readDocument(raw, name)
      for (const { description, data, valid } of group.tests) {
        const title = `${group.description}: ${description}`
        let found: unknown
        try {
          found = validatorsOf(document).check(schema, 'response')(data).length === 0
        } catch (error) {
          found = error
        }
        if (found !== valid && differing[name]?.test(title) !== true) failed.push(title)
      }
    }
    expect(failed).toEqual([])
  })
})

describe.runIf(folder)('documents of the conformance suites', () => {
  const paths = ['openapi-documents', 'openapi-examples'].flatMap((name) =>
    folder === '' ? [] : filesIn(join(folder, name), /\.(ya?ml|json)$/),
  )
  test.for(paths.map((path) => [relative(folder, path), path] as const))(
    '%s is served by its own rules',
    async ([, path]) => {
      const document = await loadDocument(path, { cacheDir: false })
      for (const operation of document.operations) {
        const segments = operation.template.replaceAll(/\{[^}]*\}/g, '7')
        expect(document.match(operation.method, segments)?.operation.method).toBe(operation.method)
        if (Object.keys(operation.responses).length === 0) continue
        const { status, contentType, body } = sampleResponse(document, operation, { random: seededRandom(1) })
        expect(lines(validateResponse(document, operation, status, contentType, body))).toEqual([])
      }
    },
  )
})
