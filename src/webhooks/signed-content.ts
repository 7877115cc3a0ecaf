import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { GoodfenceError } from '../core/errors.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type Arrived, queryOf } from './arrived.ts'
import { escapedJson } from './escaped-json.ts'
import { type Field } from './form-fields.ts'
import { type Content, secretPlace } from './schemes/scheme-kind.ts'

type Value = Content[number]

type Part = (arrived: Arrived) => Value | undefined

/**
 * Compiles the template of what is signed. The function answers `undefined` when a value is missing.
 * Throws `usage` for a placeholder that it does not know.
 */
export function signedContent(template: string, scheme: Scheme): (arrived: Arrived) => Content | undefined {
  const parts = partsOf(template, scheme)
  return (arrived) => {
    const content: Value[] = []
    let text = ''
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]
      const value = typeof part === 'function' ? part(arrived) : part
      if (value === undefined) return undefined
      if (typeof value === 'string') {
        text += value
        continue
      }
      if (text !== '') content.push(text)
      text = ''
      content.push(value)
    }
    if (text !== '') content.push(text)
    return content
  }
}

function partsOf(template: string, scheme: Scheme): (string | Part)[] {
  return [...template.matchAll(/\[([^\]]*)\]|\{([^}]*)\}|[^[{]+/g)].map(([literal, optional, placeholder]) => {
    if (optional !== undefined) return optionalPart(optional, scheme)
    if (placeholder !== undefined) return partOf(placeholder, scheme)
    return literal
  })
}

/** Stands for nothing when a value within is absent. */
function optionalPart(template: string, scheme: Scheme): Part {
  const parts = partsOf(template, scheme)
  return (arrived) => {
    const known = arrived.missing
    const values = parts.map((part) => (typeof part === 'string' ? part : part(arrived)))
    if (arrived.missing === 'header_repeated' || arrived.missing === 'value_repeated') return undefined
    arrived.missing = known
    return values.some((value) => value === undefined || value === '') ? '' : values.join('')
  }
}

function partOf(placeholder: string, scheme: Scheme): Part {
  const at = placeholder.indexOf(':')
  const name = at < 0 ? placeholder : placeholder.slice(0, at)
  const of = at < 0 ? '' : placeholder.slice(at + 1)
  switch (name) {
    case 'body':
      return scheme.bodyForm === 'reserialized' ? printedAgain : (arrived) => arrived.body
    case 'ts':
      return (arrived) => arrived.ts
    case 'id':
      return (arrived) => (scheme.messageId === undefined ? undefined : arrived.carried(scheme.messageId))
    case 'method':
      return (arrived) => arrived.method
    case 'url':
      return (arrived) => arrived.url
    case 'path':
      return pathOf
    case 'secret':
      return () => secretPlace
    case 'header':
      return (arrived) => arrived.header(of)
    case 'config':
      return (arrived) => arrived.config(of)
    case 'query':
      return (arrived) => arrived.single(arrived.query(), of)
    case 'form':
      return (arrived) => arrived.single(arrived.form(), of)
    case 'json':
      return (arrived) => arrived.text(of)
    case 'crc32_decimal':
      return (arrived) => String(crc32(arrived.body))
    case 'sha256_raw':
      return (arrived) => createHash('sha256').update(arrived.body).digest()
    case 'body_escaped':
      return (arrived) => escapedJson(arrived.body) ?? arrived.lacks('body_malformed')
    case 'form_sorted_concat':
      return formSortedConcat
    case 'params_sorted_amp':
      return (arrived) => paramsSortedAmp(arrived, scheme.signature.carrier?.name)
    case 'query_sorted':
      return querySorted
    case 'signed_headers':
      return (arrived) => signedHeaders(arrived, scheme)
    case 'fields_lines':
      return (arrived) => fieldsLines(arrived, scheme)
    default:
      throw new GoodfenceError('usage', `Signing does not know {${placeholder}}, which the scheme's content names.`, {
        mend: 'use a scheme of goodfence/providers/webhooks',
      })
  }
}

/** The body's JSON as `JSON.stringify` prints it: what a sender signs that keeps no bytes. */
function printedAgain(arrived: Arrived): string | undefined {
  const data = arrived.json()
  return data === undefined ? arrived.lacks('body_malformed') : JSON.stringify(data)
}

/** Path and query of the address, or the setting `path` where something in front of the receiver rewrites it. */
function pathOf(arrived: Arrived): string | undefined {
  const path = arrived.setting('path') ?? pathAndQuery(arrived.url)
  if (path === undefined) return arrived.lacks('setting_missing')
  const query = queryOf(path)
  return encodeURI(query === '' ? path.replace(/\?$/, '') : path.slice(0, -query.length) + encodeURIComponent(query))
}

function pathAndQuery(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname, search } = new URL(url)
  return pathname + search
}

const byName = ([a]: Field, [b]: Field): number => (a < b ? -1 : a > b ? 1 : 0)

const byNameAndValue = (a: Field, b: Field): number => byName(a, b) || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)

/** Names and values without anything between them; of a repeated name each distinct value, in order. */
function formSortedConcat(arrived: Arrived): string | undefined {
  const fields = arrived.form()
  if (fields === undefined) return arrived.lacks('body_malformed')
  let content = ''
  let last: Field | undefined
  for (const field of fields.toSorted(byNameAndValue)) {
    if (last?.[0] !== field[0] || last[1] !== field[1]) content += field[0] + field[1]
    last = field
  }
  return content
}

/** `&name=value` for every parameter but the signature. What would part two of them is an underscore in a value. */
function paramsSortedAmp(arrived: Arrived, signature: string | undefined): string | undefined {
  const params = arrived.params()
  if (params === undefined) return arrived.lacks('body_malformed')
  const signed = params.filter(([name]) => name !== signature)
  if (new Set(signed.map(([name]) => name)).size < signed.length) return arrived.lacks('value_repeated')
  if (signed.some(([name]) => /[&=]/.test(name))) return arrived.lacks('content_malformed')
  return signed
    .toSorted(byName)
    .map(([name, value]) => `&${name}=${value.replaceAll(/[&=]/g, '_')}`)
    .join('')
}

function querySorted(arrived: Arrived): string {
  return arrived
    .query()
    .toSorted(byName)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

/** Lines of the headers that the delivery itself lists; the list and the timestamp must be among them. */
function signedHeaders(arrived: Arrived, { signedHeaders: facts, timestamp }: Scheme): string | undefined {
  if (facts === undefined) return undefined
  const list = arrived.header(facts.listHeader)
  if (list === undefined) return undefined
  const names = list.split(facts.separator).map((name) => name.trim().toLowerCase())
  const needed = [facts.listHeader, timestamp?.carrier.name ?? facts.listHeader]
  if (needed.some((name) => !names.includes(name.toLowerCase()))) return arrived.lacks('header_malformed')
  const lines: string[] = []
  for (const name of [...new Set(names)].sort()) {
    const value = arrived.anyHeader(name)
    if (value !== undefined) lines.push(`${name}:${value.trim()}`)
  }
  return lines.join(facts.join)
}

/** A line for each member of the body that messages of its type have. */
function fieldsLines(arrived: Arrived, { signedFields: facts }: Scheme): string | undefined {
  const type = arrived.text(facts?.by ?? '')
  if (facts === undefined || type === undefined) return undefined
  const names = Object.hasOwn(facts.of, type) ? facts.of[type] : undefined
  if (names === undefined) return arrived.lacks('content_malformed')
  let lines = ''
  for (const name of names) {
    if (!arrived.hasMember(name)) continue
    const value = arrived.text(`/${name}`)
    if (value === undefined) return undefined
    lines += facts.line.replaceAll(/\{name\}|\{value\}/g, (part) => (part === '{name}' ? name : value))
  }
  return lines
}
