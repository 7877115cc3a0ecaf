import { type Operation } from '../../openapi/model.ts'

/** What a list operation calls the parts of paging. */
export interface PageNames {
  readonly limit: string | undefined
  readonly offset: string | undefined
  readonly page: string | undefined
  readonly after: string | undefined
  readonly before: string | undefined
  readonly initialLimit: number
  readonly maxLimit: number
}

/** One page, and where it lies in the whole. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly limit: number
  readonly offset: number
  /** What asks for the next page: a cursor for styles that have one, else an offset or a number. */
  readonly next: Readonly<Record<string, string>> | undefined
  readonly previous: Readonly<Record<string, string>> | undefined
}

const limitNames =
  /^\$?(?:limit|per_?page|page_?size|size|count|first|top|max_?results|max_?items|page\[size\]|page\[limit\])$/i
const offsetNames = /^\$?(?:offset|skip|start|start_?index|page\[offset\])$/i
const numberNames = /^(?:page|page_?number|page\[number\])$/i
const afterNames =
  /^(?:cursor|after|starting_?after|since_?id|page_?token|next_?token|next_?cursor|start_?cursor|continuation|continuation_?token|marker|page\[after\]|page\[cursor\])$/i
const beforeNames = /^(?:before|ending_?before|page\[before\])$/i

/** Reads the names of paging off an operation's query parameters. */
export function pageNamesOf({ parameters }: Operation): PageNames {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const named = (pattern: RegExp) => query.find(({ name }) => pattern.test(name))
  const limit = named(limitNames)
  const schema = typeof limit?.schema === 'object' ? limit.schema : {}
  const number = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)
  const maxLimit = number(schema['maximum'], 100)
  return {
    limit: limit?.name,
    offset: named(offsetNames)?.name,
    page: named(numberNames)?.name,
    after: named(afterNames)?.name,
    before: named(beforeNames)?.name,
    initialLimit: Math.min(number(schema['default'], 20), maxLimit),
    maxLimit,
  }
}

/** The names of all parameters that are about paging: the others may filter. */
export function isPaging({ limit, offset, page, after, before }: PageNames, name: string): boolean {
  return [limit, offset, page, after, before].includes(name)
}

/**
 * The page that a query asks for. Without any parameter of paging everything is one page. A cursor that is
 * not known is undefined.
 */
export function pageOf<T>(
  items: readonly T[],
  names: PageNames,
  query: Readonly<Record<string, unknown>>,
  idOf: (item: T) => string,
): Page<T> | undefined {
  const paged =
    names.limit !== undefined || names.offset !== undefined || names.page !== undefined || names.after !== undefined
  if (!paged)
    return { items, total: items.length, limit: items.length, offset: 0, next: undefined, previous: undefined }
  const asked = numberIn(query, names.limit)
  const limit = Math.max(1, Math.min(asked ?? names.initialLimit, names.maxLimit))
  const start = startOf(items, names, query, limit, idOf)
  if (start === undefined) return undefined
  const offset = Math.max(0, Math.min(start, items.length))
  const shown = items.slice(offset, offset + limit)
  const { next, previous } = neighbours(items, shown, names, offset, limit, idOf)
  return { items: shown, total: items.length, limit, offset, next, previous }
}

function startOf<T>(
  items: readonly T[],
  names: PageNames,
  query: Readonly<Record<string, unknown>>,
  limit: number,
  idOf: (item: T) => string,
): number | undefined {
  const after = textIn(query, names.after)
  const before = textIn(query, names.before)
  const cursor = after ?? before
  if (cursor !== undefined) {
    const place = items.findIndex((item) => idOf(item) === cursor)
    if (place < 0) return undefined
    return after === undefined ? place - limit : place + 1
  }
  const offset = numberIn(query, names.offset)
  if (offset !== undefined) return offset
  const page = numberIn(query, names.page)
  return page === undefined ? 0 : (Math.max(1, page) - 1) * limit
}

function neighbours<T>(
  items: readonly T[],
  shown: readonly T[],
  names: PageNames,
  offset: number,
  limit: number,
  idOf: (item: T) => string,
): { next: Page<T>['next']; previous: Page<T>['previous'] } {
  const last = shown.at(-1)
  const first = shown[0]
  const hasNext = last !== undefined && offset + shown.length < items.length
  const hasPrevious = offset > 0 && first !== undefined
  if (names.after !== undefined)
    return {
      next: hasNext ? { [names.after]: idOf(last) } : undefined,
      previous: hasPrevious && names.before !== undefined ? { [names.before]: idOf(first) } : undefined,
    }
  if (names.page !== undefined) {
    const page = Math.floor(offset / limit) + 1
    return {
      next: hasNext ? { [names.page]: String(page + 1) } : undefined,
      previous: hasPrevious ? { [names.page]: String(page - 1) } : undefined,
    }
  }
  const name = names.offset
  if (name === undefined) return { next: undefined, previous: undefined }
  return {
    next: hasNext ? { [name]: String(offset + limit) } : undefined,
    previous: hasPrevious ? { [name]: String(Math.max(0, offset - limit)) } : undefined,
  }
}

function textIn(query: Readonly<Record<string, unknown>>, name: string | undefined): string | undefined {
  const value = name === undefined ? undefined : query[name]
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
}

function numberIn(query: Readonly<Record<string, unknown>>, name: string | undefined): number | undefined {
  const text = textIn(query, name)
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}
