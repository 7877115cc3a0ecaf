import { GoodfenceError } from '../core/errors.ts'

/** What a form holds before any schema has been looked at. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue }

/** A whole form. */
export interface Form {
  [key: string]: FormValue
}

export interface FormLimits {
  /** @default 10,000 */
  readonly maxFields?: number
  /** Brackets in one name. @default 20 */
  readonly maxDepth?: number
}

/** Names that reach the prototype of an object, and with it every other object. */
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads `application/x-www-form-urlencoded` text or a query string, with nesting in brackets:
 * `a[b][c]=1`, `a[0]=x`, `a[]=x`. A name that is repeated gives a list. Everything stays text.
 *
 * Throws `form_malformed` for names that contradict each other, that reach for a prototype, or that
 * are too many or too deep.
 */
export function parseForm(text: string, limits: FormLimits = {}): Form {
  const { maxFields = 10_000, maxDepth = 20 } = limits
  const form: Form = {}
  let hasIndexes = false
  let fields = 0
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('&', start)
    if (end < 0) end = text.length
    if (end > start) {
      if (++fields > maxFields) throw refused('', `more than ${maxFields} fields`)
      const equals = text.indexOf('=', start)
      const nameEnd = equals < 0 || equals > end ? end : equals
      const name = unescape(text.slice(start, nameEnd))
      const value = nameEnd === end ? '' : unescape(text.slice(nameEnd + 1, end))
      if (name.includes('[')) {
        const path = pathOfName(name)
        if (path.length > maxDepth) throw refused(name, `more than ${maxDepth} brackets`)
        hasIndexes ||= path.some((key) => isIndex(key))
        putAt(form, path, value, name)
      } else put(form, name, value, name)
    }
    start = end + 1
  }
  return hasIndexes ? (withLists(form, true) as Form) : form
}

/** The keys that a bracketed name leads through; an empty key appends. A name with torn brackets is one key. */
export function pathOfName(name: string): string[] {
  const open = name.indexOf('[')
  if (open <= 0 || !name.endsWith(']')) return [name]
  const path = name.slice(open + 1, -1).split('][')
  if (path.some((key) => key.includes('[') || key.includes(']'))) return [name]
  path.unshift(name.slice(0, open))
  return path
}

const repeatedNames = new WeakSet<readonly FormValue[]>()

/** The list of a name that is repeated without brackets, from its first two values on. */
export function repeatedName(first: FormValue, second: FormValue): FormValue[] {
  const list = [first, second]
  repeatedNames.add(list)
  return list
}

/** Whether a list came of a repeated name: where one value is asked for, the last one counts. */
export function isRepeatedName(list: readonly FormValue[]): boolean {
  return repeatedNames.has(list)
}

/** Writes a path of keys as a bracketed name: `a[b][0]`. */
export function nameOfPath(path: readonly string[]): string {
  const [first = '', ...rest] = path
  return first + rest.map((key) => `[${key}]`).join('')
}

/** Writes what `parseForm` reads. Lists are indexed; nothing stands for an empty list or object. */
export function encodeForm(value: Readonly<Record<string, unknown>>): string {
  const fields: string[] = []
  const add = (name: string, value: unknown): void => {
    if (value === undefined) return
    if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) add(`${name}[${key}]`, child)
    } else
      fields.push(
        `${encodeURIComponent(name)}=${encodeURIComponent(value === null ? '' : (value as string | number | boolean))}`,
      )
  }
  for (const [name, child] of Object.entries(value)) add(name, child)
  return fields.join('&')
}

function unescape(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return new URLSearchParams(`=${text}`).get('') as string // keeps what is no escape, as browsers do
  }
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key)
}

type Holder = { [key: string]: FormValue }

function putAt(form: Form, path: readonly string[], value: string, name: string): void {
  let holder: Holder | FormValue[] = form
  const last = path.length - 1
  for (let i = 0; i < last; i++) {
    const key = path[i] as string
    const appends = path[i + 1] === ''
    if (Array.isArray(holder)) holder = appendHolder(holder, path, i, name)
    else {
      if (refusedKeys.has(key)) throw refused(name, `the key ${key}`)
      const child: FormValue | undefined = Object.hasOwn(holder, key) ? holder[key] : undefined
      if (child === undefined) holder = holder[key] = appends ? [] : {}
      else if (typeof child === 'string' || Array.isArray(child) !== appends)
        throw refused(name, 'a value of another kind')
      else holder = child
    }
  }
  if (Array.isArray(holder)) holder.push(value)
  else put(holder, path[last] as string, value, name)
}

/** `a[][b]=1&a[][c]=2&a[][b]=3`: a key that the last item has already begins the next. */
function appendHolder(list: FormValue[], path: readonly string[], at: number, name: string): Holder | FormValue[] {
  const next = path[at + 1] as string
  const last = list.at(-1)
  if (next === '') {
    const inner: FormValue[] = []
    list.push(inner)
    return inner
  }
  if (typeof last === 'string') throw refused(name, 'a value of another kind')
  const isTaken = last === undefined || (Object.hasOwn(last, next) && at + 1 === path.length - 1)
  if (!isTaken) return last
  const inner: Holder = {}
  list.push(inner)
  return inner
}

function put(holder: Holder, key: string, value: string, name: string): void {
  if (refusedKeys.has(key)) throw refused(name, `the key ${key}`)
  const known = Object.hasOwn(holder, key) ? holder[key] : undefined
  if (known === undefined) holder[key] = value
  else if (typeof known === 'string') holder[key] = repeatedName(known, value)
  else if (Array.isArray(known) && known.every((item) => typeof item === 'string')) known.push(value)
  else throw refused(name, 'a value of another kind')
}

/** Objects whose keys are 0, 1, 2... in any order become lists. */
function withLists(value: FormValue, isRoot = false): FormValue {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) value[i] = withLists(item)
    return value
  }
  const keys = Object.keys(value)
  for (const key of keys) value[key] = withLists(value[key] as FormValue)
  // Integer keys come first and in order, whatever order they were written in.
  return !isRoot && keys.length > 0 && keys.every((key, i) => key === String(i)) ? Object.values(value) : value
}

function refused(name: string, what: string): GoodfenceError<'form_malformed'> {
  const shown = name.length > 200 ? `${name.slice(0, 200)}...` : name
  const message = name === '' ? `The form has ${what}.` : `The form's field ${shown} has ${what}.`
  return new GoodfenceError('form_malformed', message, { name: shown })
}
