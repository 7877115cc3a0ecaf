import { dirname, relative, resolve } from 'node:path'
import { GoodfenceError } from '../core/errors.ts'
import { type Node, isNode } from './model.ts'
import { decoded, pointerOf } from './pointer.ts'

/** Where the other files of a document stand in its bundle. */
export const filesKey = 'x-goodfence-files'

/** Words whose values are data, not schemas: what looks like a reference there is none. */
const dataKeys = new Set(['example', 'default', 'enum', 'const', 'value'])

/** Reads and parses one file of a document. */
export type ReadFile = (path: string, referredFrom: string) => unknown

/**
 * Pulls the files that a document refers to into it and rewrites the references, each file once, so
 * that all that is left are references within one value. A document without foreign references comes
 * back as it is.
 */
export function bundle(root: Node, path: string, readFile: ReadFile): Node {
  const rootPath = resolve(path)
  const folder = dirname(rootPath)
  const files: Record<string, unknown> = {}
  const waiting: { value: unknown; path: string }[] = [{ value: root, path: rootPath }]
  const keyOf = (file: string) => relative(folder, file)

  function rewritten(reference: string, file: string): string {
    const [target, fragment] = split(reference)
    if (isRemote(target)) throw remote(reference, file)
    const targetPath = target === '' ? file : resolve(dirname(file), decoded(target))
    if (targetPath === rootPath) return `#${fragment}`
    const key = keyOf(targetPath)
    if (!Object.hasOwn(files, key)) {
      const value = readFile(targetPath, file)
      files[key] = value
      waiting.push({ value, path: targetPath })
    }
    return `#${pointerOf(filesKey, key)}${fragment}`
  }

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path: file } = next
    eachReference(next.value, (holder, key, reference, isMapping) => {
      const isForeign = isMapping ? /^[^#]*\/|^[^#]+\.(ya?ml|json)(#|$)/.test(reference) : !reference.startsWith('#')
      if (isMapping && !isForeign && !reference.startsWith('#')) return // the bare name of a component
      if (isForeign || file !== rootPath) holder[key] = rewritten(reference, file)
    })
  }
  return Object.keys(files).length === 0 ? root : { ...root, [filesKey]: files }
}

function split(reference: string): [string, string] {
  const at = reference.indexOf('#')
  return at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)]
}

function isRemote(target: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(target)
}

function remote(reference: string, file: string): GoodfenceError<'document_unsupported'> {
  return new GoodfenceError(
    'document_unsupported',
    `${file} refers to ${reference}, and nothing is fetched over the network. Save that file beside the document and refer to it by its relative path.`,
    { path: file },
  )
}

/** Calls back for each `$ref`, and for each value of a discriminator's mapping, with the object that holds it. */
export function eachReference(
  value: unknown,
  found: (holder: Record<string, unknown>, key: string, reference: string, isMapping: boolean) => void,
): void {
  const seen = new Set<object>() // anchors of YAML make one object stand in many places, even within itself
  const visit = (value: unknown, namesFollow: boolean): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const item of value) visit(item, false)
      return
    }
    const node = value as Record<string, unknown>
    for (const key in node) {
      const child = node[key]
      if (typeof child === 'string') {
        if (key === '$ref' && !namesFollow) found(node, key, child, false)
      } else if (typeof child === 'object' && (namesFollow || !dataKeys.has(key))) {
        if (key === 'discriminator' && !namesFollow && isNode(child) && isNode(child['mapping'])) {
          const mapping = child['mapping'] as Record<string, unknown>
          for (const name in mapping) if (typeof mapping[name] === 'string') found(mapping, name, mapping[name], true)
        }
        visit(child, !namesFollow && (key === 'properties' || key === 'schemas' || key === 'examples'))
      }
    }
  }
  visit(value, false)
}
