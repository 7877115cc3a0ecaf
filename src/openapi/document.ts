import { GoodfenceError } from '../core/errors.ts'
import {
  type ApiDocument,
  type Match,
  type Node,
  type Operation,
  type Schema,
  isNode,
  isSchema,
  wordOf,
} from './model.ts'
import { createOperation, methodsOf } from './operation.ts'
import { pointerOf } from './pointer.ts'
import { componentReference, referenceTable } from './references.ts'
import { createRouter } from './router.ts'
import { basePathsOf, serverUrlsOf } from './servers.ts'
import { parseText } from './text.ts'

/**
 * Indexes a document that is in memory already, as text or as a value. `path` names it in errors.
 *
 * Throws `document_malformed` or `document_unsupported`. References to other files are for
 * `loadDocument` to follow.
 */
export function readDocument(value: unknown, path: string): ApiDocument {
  const raw = typeof value === 'string' ? parseText(value, path) : value
  if (!isNode(raw)) throw malformed(path, '', 'an OpenAPI document is an object with the key "openapi"')
  const openapi = versionOf(raw, path)
  const info = isNode(raw['info']) ? raw['info'] : {}
  const references = referenceTable(raw, path)
  const operations = operationsOf(raw, path, references)
  const router = createRouter(
    operations.map((operation) => ({ method: operation.method, template: operation.template, leaf: operation })),
  )
  const byName = new Map<string, Operation>()
  for (const operation of operations) byName.set(operation.name, operation)
  for (const operation of operations)
    if (operation.id !== undefined && !byName.has(operation.id)) byName.set(operation.id, operation)
  const basePaths = basePathsOf(raw)

  /** What is first found for the path itself, then for the path without each server's base path. */
  function firstOf<T>(path: string, look: (reading: string) => T | undefined): T | undefined {
    const end = path.indexOf('?')
    const plain = end < 0 ? path : path.slice(0, end)
    let found = look(plain)
    for (const base of basePaths) {
      if (found !== undefined) return found
      if (plain.startsWith(`${base}/`)) found = look(plain.slice(base.length))
    }
    return found
  }

  return {
    path,
    title: wordOf(info['title']),
    version: wordOf(info['version']),
    openapi,
    raw,
    operations,
    servers: serverUrlsOf(raw),
    references,
    match(method, path): Match | undefined {
      const found = firstOf(path, (reading) => router.find(method, reading))
      return found && { operation: found.leaf, params: found.params }
    },
    allowed(path) {
      const allowed = firstOf(path, (reading) => {
        const methods = router.methods(reading)
        return methods.length > 0 ? methods : undefined
      })
      return allowed ?? []
    },
    operation: (name) => byName.get(name),
    schema(reference): Schema | undefined {
      const isName = !reference.includes('#') && !reference.startsWith('/')
      const text = isName ? componentReference('schemas', reference) : reference
      try {
        const found = references.target(text.startsWith('/') ? `#${text}` : text).value
        return isSchema(found) ? found : undefined
      } catch {
        return undefined
      }
    },
    resolve(pointer) {
      try {
        return references.follow(references.target(pointer.startsWith('#') ? pointer : `#${pointer}`).value)
      } catch {
        return undefined
      }
    },
  }
}

function versionOf(raw: Node, path: string): ApiDocument['openapi'] {
  const { openapi, swagger } = raw
  if (swagger !== undefined) {
    throw new GoodfenceError(
      'document_unsupported',
      `${path} is a Swagger ${wordOf(swagger)} document; OpenAPI 3.0 to 3.2 is understood. Convert it once, for instance with "npx swagger2openapi ${path}", and use the result.`,
      { path, version: wordOf(swagger) },
    )
  }
  if (openapi === undefined)
    throw malformed(path, '/openapi', 'the key "openapi" with the version is missing; add for instance openapi: 3.1.0')
  const version = /^3\.[012](?=\.|$)/.exec(wordOf(openapi))?.[0]
  if (version === undefined) {
    throw new GoodfenceError(
      'document_unsupported',
      `${path} says openapi: ${wordOf(openapi)}; versions 3.0, 3.1 and 3.2 are understood.`,
      { path, version: wordOf(openapi) },
    )
  }
  return version as ApiDocument['openapi']
}

function operationsOf(raw: Node, path: string, references: ApiDocument['references']): Operation[] {
  const { paths = {} } = raw
  if (!isNode(paths)) throw malformed(path, '/paths', 'paths must be an object of paths')
  const operations: Operation[] = []
  for (const template in paths) {
    if (template.startsWith('x-')) continue
    if (!template.startsWith('/')) throw malformed(path, pointerOf('paths', template), 'a path must start with a slash')
    const item = references.follow(paths[template])
    if (!isNode(item)) throw malformed(path, pointerOf('paths', template), 'a path must hold an object of methods')
    for (const { method, key, node } of methodsOf(item)) {
      const pointer = pointerOf('paths', template, ...key)
      if (!isNode(node)) throw malformed(path, pointer, 'an operation must be an object')
      operations.push(createOperation({ method, template, pointer, raw: node, item, root: raw, references, path }))
    }
  }
  return operations
}

/** A failure that names file, place and mend. */
export function malformed(path: string, pointer: string, reason: string): GoodfenceError<'document_malformed'> {
  return new GoodfenceError('document_malformed', `${path}#${pointer}: ${reason}.`, { path, pointer })
}
