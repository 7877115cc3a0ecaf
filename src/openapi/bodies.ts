import { isGoodfenceError } from '../core/errors.ts'
import { type Coercer } from './coerce.ts'
import { type Form, parseForm } from './form.ts'
import { type Node, type Schema, isNode, isSchema } from './model.ts'
import { parseMultipart } from './multipart.ts'
import { kindOf } from './parameters.ts'
import { type ReferenceTable } from './references.ts'

/** A body as a value, and whether its schema can be asked about it. */
export type ParsedBody =
  | { readonly value: unknown; readonly isChecked: boolean }
  | { readonly syntaxError: string; readonly field?: string }

const decoder = new TextDecoder()

/** Nesting below this depth is refused, before it can exhaust anybody's stack. */
const maxDepth = 500

/** A media type without its parameters, in lower case. */
export function mediaTypeOf(contentType: string | null | undefined): string {
  if (contentType === null || contentType === undefined) return ''
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}

/** The declared media type that covers an actual one: itself, its family, or any. */
export function declaredFor(content: Readonly<Record<string, Node>>, mediaType: string): string | undefined {
  if (Object.hasOwn(content, mediaType)) return mediaType
  const keys = Object.keys(content)
  const family = `${mediaType.split('/', 1)[0]}/*`
  return (
    keys.find((key) => mediaTypeOf(key) === mediaType) ??
    keys.find((key) => key === family) ??
    keys.find((key) => key === '*/*')
  )
}

/** What can be done about a media type: its bodies are read as this. */
export function bodyKind(mediaType: string): 'json' | 'form' | 'multipart' | 'text' | 'bytes' {
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return 'json'
  if (mediaType === 'application/x-www-form-urlencoded') return 'form'
  if (mediaType === 'multipart/form-data') return 'multipart'
  if (mediaType.startsWith('text/') && mediaType !== 'text/xml') return 'text'
  return 'bytes'
}

/** The schema of a media type object. */
export function schemaOf(media: Node | undefined): Schema | undefined {
  const schema = media?.['schema']
  return isSchema(schema) ? schema : undefined
}

interface BodyFacts {
  readonly contentType: string
  readonly media: Node
  readonly coerce: Coercer
  readonly references: ReferenceTable
}

/** Reads a body as its media type says; forms get the types that their schema asks for. */
export function parseBody(bytes: Uint8Array, facts: BodyFacts): ParsedBody {
  const { contentType, media, coerce, references } = facts
  const schema = schemaOf(media)
  switch (bodyKind(mediaTypeOf(contentType))) {
    case 'json':
      return parseJson(decoder.decode(bytes))
    case 'form':
      try {
        return formValue(parseForm(decoder.decode(bytes)), media, coerce, references)
      } catch (error) {
        if (isGoodfenceError(error, 'form_malformed')) return { syntaxError: error.message, field: error.facts.name }
        throw error
      }
    case 'multipart': {
      const parts = parseMultipart(bytes, contentType)
      if ('syntaxError' in parts) return parts
      return formValue(parts.form, media, coerce, references)
    }
    case 'text': {
      const text = decoder.decode(bytes)
      return { value: schema === undefined ? text : coerce(text, schema), isChecked: true }
    }
    case 'bytes':
      return { value: bytes, isChecked: false }
  }
}

function formValue(form: Form, media: Node, coerce: Coercer, references: ReferenceTable): ParsedBody {
  const schema = schemaOf(media)
  if (schema === undefined) return { value: form, isChecked: false }
  wrapSingles(form, schema, media, references)
  return { value: coerce(form, schema), isChecked: true }
}

/**
 * In an exploded form a list of one looks like one value. Where the document asks for brackets
 * (style deepObject), it does not.
 */
function wrapSingles(form: Form, schema: Schema, media: Node, references: ReferenceTable): void {
  const node = references.follow(schema)
  const properties = isNode(node) && isNode(node['properties']) ? node['properties'] : {}
  const encodings = isNode(media['encoding']) ? media['encoding'] : {}
  for (const key in form) {
    const value = form[key]
    if (typeof value !== 'string' || !Object.hasOwn(properties, key) || !isSchema(properties[key])) continue
    const encoding = Object.hasOwn(encodings, key) ? encodings[key] : undefined
    const style = isNode(encoding) ? encoding['style'] : undefined
    if (style === 'deepObject' || kindOf(properties[key], references) !== 'list') continue
    const isJoined = isNode(encoding) && encoding['explode'] === false
    form[key] = isJoined
      ? value.split(style === 'pipeDelimited' ? '|' : style === 'spaceDelimited' ? ' ' : ',')
      : [value]
  }
}

/** Reads JSON without letting it nest too deep or name a prototype. */
export function parseJson(text: string): ParsedBody {
  if (text.length > maxDepth && nestsDeeperThan(maxDepth, text))
    return { syntaxError: `The body is nested deeper than ${maxDepth} levels.` }
  try {
    const reachesForPrototype = text.includes('__proto__') || text.includes('\\u005')
    const value: unknown = reachesForPrototype
      ? JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value))
      : JSON.parse(text)
    return { value, isChecked: true }
  } catch {
    return { syntaxError: 'The body is not JSON.' }
  }
}

function nestsDeeperThan(limit: number, text: string): boolean {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isString) {
      if (code === 0x5c) i++
      else if (code === 0x22) isString = false
    } else if (code === 0x22) isString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return false
}
