import { GoodfenceError } from '../core/errors.ts'
import { type Node, isNode } from './model.ts'
import { childOf, decoded, pointerOf, segmentsOf } from './pointer.ts'

/** What a reference leads to, and the base outside of it: its own `$id`, if any, still counts. */
export interface Target {
  readonly value: unknown
  readonly base: string
}

/** Follows the references of one document. */
export interface ReferenceTable {
  /** Follows one reference, which is not itself followed further. Throws `document_malformed` when it leads nowhere. */
  target(reference: string, base?: string): Target
  /** Follows a value that may be a chain of references to its end, siblings of `$ref` left behind. */
  follow(value: unknown): unknown
  /** The base for references inside a schema that may have an `$id`. */
  baseIn(schema: unknown, base: string): string
}

/** The document's own base: nothing that a document can write as an `$id` collides with it. */
export const documentBase = 'document:/'

/**
 * Makes the table of references for a bundled document.
 *
 * Pointers are walked; `$id` and `$anchor` are indexed when the first reference needs them.
 */
export function referenceTable(root: Node, path: string): ReferenceTable {
  let resources: Map<string, Target> | undefined
  const known = new Map<string, Target>()

  function lost(reference: string): never {
    throw new GoodfenceError(
      'document_malformed',
      `${path}: the reference ${reference} leads nowhere. Correct it, or add what it names.`,
      { path, pointer: reference },
    )
  }

  function baseIn(schema: unknown, base: string): string {
    const id = isNode(schema) ? schema['$id'] : undefined
    if (typeof id !== 'string' || !URL.canParse(id, base)) return base
    const url = new URL(id, base)
    url.hash = ''
    return url.href
  }

  function walk(from: Target, fragment: string, reference: string): Target {
    let { value, base } = from
    for (const segment of segmentsOf(`#${fragment}`)) {
      // A path of the document may itself be a reference; what follows counts from what it names.
      if (isNode(value) && typeof value['$ref'] === 'string' && childOf(value, segment) === undefined)
        ({ value, base } = target(value['$ref'], baseIn(value, base)))
      base = baseIn(value, base)
      value = childOf(value, segment)
      if (value === undefined) lost(reference)
    }
    return { value, base }
  }

  /** Every schema with an `$id` and every anchor, by absolute URI. */
  function index(): Map<string, Target> {
    const found = new Map<string, Target>([[documentBase, { value: root, base: documentBase }]])
    const visit = (value: unknown, base: string): void => {
      if (Array.isArray(value)) for (const item of value) visit(item, base)
      if (!isNode(value)) return
      const inside = baseIn(value, base)
      if (inside !== base && !found.has(inside)) found.set(inside, { value, base })
      for (const keyword of ['$anchor', '$dynamicAnchor']) {
        const anchor = value[keyword]
        if (typeof anchor === 'string') found.set(`${inside}#${anchor}`, { value, base })
      }
      for (const key in value) if (key !== 'enum' && key !== 'const') visit(value[key], inside)
    }
    visit(root, documentBase)
    return found
  }

  function target(reference: string, base = documentBase): Target {
    const key = base === documentBase ? reference : `${base} ${reference}`
    let result = known.get(key)
    if (result === undefined) {
      result = find(reference, base)
      known.set(key, result)
    }
    return result
  }

  function find(reference: string, base: string): Target {
    if (base === documentBase && (reference === '#' || reference.startsWith('#/')))
      return walk({ value: root, base }, reference.slice(1), reference)
    if (!URL.canParse(reference, base)) lost(reference)
    const url = new URL(reference, base)
    const fragment = url.hash.slice(1)
    url.hash = ''
    resources ??= index()
    const resource = resources.get(url.href.replace(/#$/, ''))
    if (fragment === '' || fragment.startsWith('/'))
      return resource === undefined ? lost(reference) : walk(resource, fragment, reference)
    return resources.get(`${url.href}#${decoded(fragment)}`) ?? lost(reference)
  }

  function follow(value: unknown): unknown {
    let at: Target = { value, base: documentBase }
    for (let steps = 0; isNode(at.value) && typeof at.value['$ref'] === 'string'; steps++) {
      if (steps > 50) lost(at.value['$ref'])
      at = target(at.value['$ref'], baseIn(at.value, at.base))
    }
    return at.value
  }

  return { target, follow, baseIn }
}

/** A reference to a component by name, for names that may hold a slash. */
export function componentReference(kind: string, name: string): string {
  return `#${pointerOf('components', kind, name)}`
}
