import { type Random } from '../../core/random.ts'
import { type ApiDocument, type Schema, isNode } from '../../openapi/model.ts'
import { createSampler } from '../../openapi/sampler.ts'
import { fits } from './make-object.ts'
import { type Page } from './pagination.ts'
import { type SchemaView, viewOf } from './schema-view.ts'

export interface EnvelopeFacts {
  readonly document: ApiDocument
  readonly schema: Schema
  /** The field that holds the items. */
  readonly field: string
  readonly page: Page<unknown>
  /** Path of the request, for links. */
  readonly path: string
  /** What stands before the path, for links that must be whole. */
  readonly origin: string
  /** The query of the request, for links. */
  readonly query: string
  readonly random: Random
}

/** Puts a page into the envelope that its schema describes: counts, flags, cursors and links are filled in by name. */
export function envelopeOf(facts: EnvelopeFacts): Record<string, unknown> {
  const { document, schema, field, page } = facts
  const view = viewOf(document, schema)
  return { ...filled(facts, view), [field]: page.items }
}

function filled(facts: EnvelopeFacts, view: SchemaView): Record<string, unknown> {
  const { document, random } = facts
  const draw = createSampler({ document, random, direction: 'response', useExamples: false, optional: 'none' })
  const fields: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(view.properties)) {
    if (name === facts.field) continue
    const inner = viewOf(document, property)
    const value = candidatesFor(name, inner, facts).find((each) => each !== undefined && fits(document, property, each))
    if (value !== undefined) fields[name] = value
    else if (view.required.includes(name)) fields[name] = isNullable(inner) ? null : draw(property)
  }
  return fields
}

/** A link may have to be a whole address. */
function candidatesFor(name: string, view: SchemaView, facts: EnvelopeFacts): readonly unknown[] {
  const value = valueFor(name, view, facts)
  return typeof value === 'string' && value.startsWith('/') ? [value, facts.origin + value] : [value]
}

function valueFor(name: string, view: SchemaView, facts: EnvelopeFacts): unknown {
  const { page, path, query } = facts
  const word = name.replaceAll(/[_\-$@.]/g, '').toLowerCase()
  const pages = Math.max(1, Math.ceil(page.total / Math.max(1, page.limit)))
  const takes = (type: string) => view.types.includes(type)
  if (takes('boolean')) {
    if (/^(?:hasmore|hasnext|hasnextpage|more)$/.test(word)) return page.next !== undefined
    if (/^(?:hasprevious|hasprev|haspreviouspage)$/.test(word)) return page.previous !== undefined
  }
  if (takes('integer') || takes('number')) {
    if (/^(?:total|totalcount|totalitems|totalresults|count|totalrecords|totalelements)$/.test(word)) return page.total
    if (/^(?:limit|perpage|pagesize|size)$/.test(word)) return page.limit
    if (/^(?:offset|skip|start|startindex)$/.test(word)) return page.offset
    if (/^(?:page|pagenumber|currentpage|number)$/.test(word))
      return Math.floor(page.offset / Math.max(1, page.limit)) + 1
    if (/^(?:totalpages|pages|pagecount|lastpage)$/.test(word)) return pages
  }
  if (takes('string')) {
    const values = view.keywords['enum']
    if (Array.isArray(values) && values.length === 1) return values[0]
    if (/^(?:next|nexturl|nextlink|nextpageurl|odatanextlink|nexturi)$/.test(word))
      return linkOf(page.next, path, query)
    if (/^(?:prev|previous|prevurl|previousurl|previouslink|prevlink|prevpageurl|previouspageuri)$/.test(word))
      return linkOf(page.previous, path, query)
    if (/^(?:nextcursor|nextpagetoken|nexttoken|cursor|endcursor|after|nextpage|continuationtoken)$/.test(word))
      return page.next === undefined ? undefined : Object.values(page.next)[0]
    if (word === 'url' || word === 'path') return path
    if (/^(?:self|selfurl|selflink)$/.test(word)) return query === '' ? path : `${path}?${query}`
  }
  if (
    takes('object') &&
    /^(?:meta|metadata|pagination|paging|pageinfo|page|links|cursors|responsemetadata)$/.test(word)
  ) {
    const inner = filled(facts, view)
    return Object.keys(inner).length > 0 ? inner : undefined
  }
  return undefined
}

/** The request's own address with another place in the list. */
export function linkOf(
  place: Readonly<Record<string, string>> | undefined,
  path: string,
  query: string,
): string | undefined {
  if (place === undefined) return undefined
  const parameters = new URLSearchParams(query)
  for (const [name, value] of Object.entries(place)) parameters.set(name, value)
  return `${path}?${parameters.toString()}`
}

function isNullable({ types, keywords }: SchemaView): boolean {
  return types.includes('null') || keywords['nullable'] === true || (isNode(keywords) && keywords['const'] === null)
}
