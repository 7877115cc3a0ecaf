import { decoded } from './pointer.ts'

/** Finds what a path leads to among templates such as `/users/{id}/keys`. */
export interface Router<Leaf> {
  find(method: string, path: string): { readonly leaf: Leaf; readonly params: Record<string, string> } | undefined
  /** The methods of every template that the path fits, in the order in which they were added. */
  methods(path: string): string[]
}

interface Branch<Leaf> {
  readonly statics: Map<string, Branch<Leaf>>
  /** Segments that mix text and parameters, such as `{sid}.json`; the one with the most text first. */
  readonly mixed: { readonly pattern: RegExp; readonly textLength: number; readonly branch: Branch<Leaf> }[]
  param: Branch<Leaf> | undefined
  readonly leaves: Map<string, { readonly leaf: Leaf; readonly names: readonly string[] }>
}

/**
 * Builds a router. Literal segments win over mixed ones, those over parameters; a template that lacks
 * the method gives way to a less literal one that has it.
 */
export function createRouter<Leaf>(
  routes: Iterable<{ readonly method: string; readonly template: string; readonly leaf: Leaf }>,
): Router<Leaf> {
  const root = newBranch<Leaf>()
  for (const { method, template, leaf } of routes) add(root, method, template, leaf)

  /** Calls back for each branch that the segments from `at` on lead to, the most literal first, until one says true. */
  function visit(
    branch: Branch<Leaf>,
    segments: readonly string[],
    at: number,
    values: string[],
    reached: (branch: Branch<Leaf>) => boolean,
  ): boolean {
    if (at === segments.length) return branch.leaves.size > 0 && reached(branch)
    const segment = segments[at] as string
    const literal = branch.statics.get(segment)
    if (literal !== undefined && visit(literal, segments, at + 1, values, reached)) return true
    const depth = values.length
    for (const { pattern, branch: next } of branch.mixed) {
      const found = pattern.exec(segment)
      if (found === null) continue
      for (let i = 1; i < found.length; i++) values.push(found[i] as string)
      if (visit(next, segments, at + 1, values, reached)) return true
      values.length = depth
    }
    if (branch.param === undefined || segment === '') return false
    values.push(segment)
    if (visit(branch.param, segments, at + 1, values, reached)) return true
    values.length = depth
    return false
  }

  return {
    find(method, path) {
      const values: string[] = []
      let found: { leaf: Leaf; names: readonly string[] } | undefined
      visit(root, path.split('/'), 1, values, (branch) => (found = branch.leaves.get(method)) !== undefined)
      if (found === undefined) return undefined
      const params: Record<string, string> = {}
      for (let i = 0; i < found.names.length; i++) params[found.names[i] as string] = decoded(values[i] as string)
      return { leaf: found.leaf, params }
    },
    methods(path) {
      const methods = new Set<string>()
      visit(root, path.split('/'), 1, [], (branch) => {
        for (const method of branch.leaves.keys()) methods.add(method)
        return false
      })
      return [...methods]
    },
  }
}

function newBranch<Leaf>(): Branch<Leaf> {
  return { statics: new Map(), mixed: [], param: undefined, leaves: new Map() }
}

const placeholder = /\{([^{}]*)\}/g

function add<Leaf>(root: Branch<Leaf>, method: string, template: string, leaf: Leaf): void {
  const names: string[] = []
  let at = root
  for (const segment of template.split('/').slice(1)) {
    for (const [, name] of segment.matchAll(placeholder)) names.push(name as string)
    at = child(at, segment)
  }
  if (!at.leaves.has(method)) at.leaves.set(method, { leaf, names })
}

function child<Leaf>(branch: Branch<Leaf>, segment: string): Branch<Leaf> {
  if (/^\{[^{}]*\}$/.test(segment)) return (branch.param ??= newBranch())
  if (segment.search(placeholder) < 0) {
    // A literal is written in a URL as it stands in the template or percent-encoded; requests are met in the first form.
    const next = branch.statics.get(segment) ?? newBranch<Leaf>()
    branch.statics.set(segment, next)
    return next
  }
  const source = segment
    .split(placeholder)
    .map((part, i) => (i % 2 === 1 ? '(.+?)' : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('')
  const pattern = new RegExp(`^${source}$`, 's')
  const known = branch.mixed.find((entry) => entry.pattern.source === pattern.source)
  if (known !== undefined) return known.branch
  const entry = { pattern, textLength: segment.replaceAll(placeholder, '').length, branch: newBranch<Leaf>() }
  branch.mixed.push(entry)
  branch.mixed.sort((a, b) => b.textLength - a.textLength)
  return entry.branch
}
