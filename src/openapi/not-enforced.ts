import { bodyKind, mediaTypeOf } from './bodies.ts'
import { hasFormat, isDescriptive } from './formats.ts'
import { enforcedKeywords, patternOf } from './keywords.ts'
import { type ApiDocument, type Node, isNode } from './model.ts'
import { pointerOf } from './pointer.ts'

/** Keywords that describe and demand nothing, and those that are enforced in their own way. */
const harmless = new Set(
  `$ref $id $schema $anchor $comment $defs definitions $vocabulary $dynamicAnchor title description summary default
   example examples deprecated readOnly writeOnly externalDocs xml discriminator nullable contentMediaType
   contentEncoding`.split(/\s+/),
)

const readStyles: Readonly<Record<string, readonly string[]>> = {
  path: ['simple'],
  query: ['form', 'deepObject', 'spaceDelimited', 'pipeDelimited'],
  header: ['simple'],
  cookie: ['form'],
}

/** Words whose values are data. */
const dataKeys = new Set(['example', 'examples', 'default', 'enum', 'const'])

const reports = new WeakMap<ApiDocument, readonly string[]>()

/**
 * Lists what a document asks for and nobody checks: formats and keywords that are not known, values that
 * make no sense, references that lead nowhere, media types that are not read. Each line names the first
 * place and counts the rest. An empty list means that everything is enforced.
 */
export function notEnforced(document: ApiDocument): readonly string[] {
  let report = reports.get(document)
  if (report === undefined) {
    report = survey(document)
    reports.set(document, report)
  }
  return report
}

function survey(document: ApiDocument): readonly string[] {
  const found = new Map<string, { first: string; count: number }>()
  const seen = new Set<object>()
  const path: string[] = [] // where the walk is; made a pointer only when there is something to say

  function report(what: string): void {
    const known = found.get(what)
    if (known === undefined) found.set(what, { first: pointerOf(...path), count: 1 })
    else known.count++
  }

  function below<T>(key: string, value: T, visit: (value: T) => void): void {
    path.push(key)
    visit(value)
    path.pop()
  }

  function visitMap(value: unknown, visit: (value: unknown) => void): void {
    if (isNode(value)) for (const name in value) below(name, value[name], visit)
  }

  function visitReference(reference: unknown): void {
    if (typeof reference !== 'string') return
    try {
      document.references.target(reference)
    } catch {
      report(`the reference ${reference}, which leads nowhere`)
    }
  }

  function visitSchema(schema: unknown): void {
    if (!isNode(schema) || seen.has(schema)) return
    seen.add(schema)
    if ('$ref' in schema && !('$id' in schema)) visitReference(schema['$ref'])
    for (const keyword in schema) {
      const value = schema[keyword]
      const rule = enforcedKeywords.get(keyword)
      if (rule === undefined) {
        if (keyword === '$defs' || keyword === 'definitions') below(keyword, value, (map) => visitMap(map, visitSchema))
        else if (!harmless.has(keyword) && !keyword.startsWith('x-')) report(`the keyword ${keyword}`)
      } else if (!rule.fits(value)) report(`${keyword}: ${shortened(value)}, which is not valid there`)
      else if (rule.role === 'schema') below(keyword, value, visitSchema)
      else if (rule.role !== 'value') below(keyword, value, (map) => visitParts(keyword, map))
      else if (keyword === 'format') visitFormat(value as string)
    }
    const { discriminator } = schema
    if (isNode(discriminator) && !('oneOf' in schema) && !('anyOf' in schema))
      report('discriminator beside neither oneOf nor anyOf')
  }

  function visitParts(keyword: string, parts: unknown): void {
    if (Array.isArray(parts)) for (const [i, part] of parts.entries()) below(String(i), part as unknown, visitSchema)
    else visitMap(parts, visitSchema)
    if (keyword === 'patternProperties')
      for (const pattern in parts as Node)
        if (patternOf(pattern) === undefined) report(`patternProperties: ${shortened(pattern)}, which is no pattern`)
  }

  function visitFormat(format: string): void {
    if (!hasFormat(format) && !isDescriptive(format)) report(`format: ${format}`)
  }

  /** Anything that is no schema: schemas are found under their keys. */
  function visitNode(node: unknown): void {
    if (typeof node !== 'object' || node === null || seen.has(node)) return
    seen.add(node)
    if (Array.isArray(node)) {
      for (const [i, item] of node.entries()) below(String(i), item as unknown, visitNode)
      return
    }
    const value = node as Node
    if ('$ref' in value) visitReference(value['$ref'])
    if (typeof value['in'] === 'string' && typeof value['style'] === 'string') visitStyle(value['in'], value['style'])
    for (const key in value) {
      if (key === 'schema' || key === 'itemSchema') below(key, value[key], visitSchema)
      else if (key === 'schemas') below(key, value[key], (map) => visitMap(map, visitSchema))
      else if (key === 'content') below(key, value[key], visitContent)
      else if (!dataKeys.has(key) && !(key.startsWith('x-') && key !== 'x-goodfence-files'))
        below(key, value[key], visitNode)
    }
  }

  function visitStyle(place: string, style: string): void {
    const known = readStyles[place]
    if (known !== undefined && !known.includes(style)) report(`style: ${style} of ${place} parameters`)
  }

  function visitContent(content: unknown): void {
    visitMap(content, (media) => {
      const type = path.at(-1) as string
      if (isNode(media) && isNode(media['schema']) && !isRead(type) && describesMoreThanBytes(media['schema']))
        report(`bodies of type ${mediaTypeOf(type)}`)
      visitNode(media)
    })
  }

  visitNode(document.raw)
  return [...found]
    .map(([what, { first, count }]) => `${what} (#${first}${count > 1 ? `, and ${count - 1} more` : ''})`)
    .sort()
}

function isRead(type: string): boolean {
  const mediaType = mediaTypeOf(type)
  return mediaType.includes('*') || bodyKind(mediaType) !== 'bytes'
}

function describesMoreThanBytes(schema: Node): boolean {
  return schema['type'] !== 'string' || 'enum' in schema || 'pattern' in schema
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
