import { lightListOf } from '../core/light-headers.ts'
import { type Carrier } from '../providers/signature-facts.ts'
import { type Scheme } from '../providers/scheme.ts'
import { formFields, type Field } from './form-fields.ts'
import { multipartField } from './multipart-field.ts'
import { parseJson, valueAt } from './parsed-body.ts'
import { type RejectReason } from './reject-reason.ts'

/** What signing and verifying need beside body and secret, where the scheme signs it. */
export interface SignedParts {
  /** @default 'POST' */
  readonly method?: string | undefined
  /** The address as the provider called it. */
  readonly url?: string | undefined
  /** Values that only the receiver's account knows. */
  readonly config?: Readonly<Record<string, string>> | undefined
}

/**
 * One delivery as its scheme reads it. Everything beyond headers and bytes is taken apart when it is first asked for.
 * A value that is not there, or not clearly one, is `undefined`, and `missing` says why.
 */
export class Arrived {
  readonly body: Uint8Array
  readonly method: string
  /** Changes while the forms of an address are tried. */
  url: string
  /** The timestamp as it is carried. */
  ts = ''
  missing: RejectReason | undefined
  readonly #headers: Headers
  readonly #config: Readonly<Record<string, string>>
  readonly #scheme: Scheme
  readonly #aliases: Readonly<Record<string, string>> | undefined
  #json: unknown
  #parsed = false
  #form: readonly Field[] | undefined
  #query: readonly Field[] | undefined

  constructor(
    scheme: Scheme,
    headers: Headers,
    body: Uint8Array,
    { method = 'POST', url = '', config = {} }: SignedParts,
  ) {
    this.#scheme = scheme
    this.#headers = headers
    this.body = body
    this.method = method
    this.url = url
    this.#config = config
    this.#aliases = scheme.headerAliases === undefined ? undefined : aliasesIn(headers, scheme)
  }

  /** A header that may come several times, joined. */
  anyHeader(name: string): string | undefined {
    return this.#headers.get(this.#aliases?.[name] ?? name) ?? undefined
  }

  /** A header that must come once. `Headers` joins one that came twice with a comma and a space. */
  header(name: string): string | undefined {
    const value = this.anyHeader(name)
    if (value === undefined || value === '') return this.lacks('header_missing')
    return value.includes(', ') ? this.lacks('header_repeated') : value
  }

  /** The headers whose names fit, in the order of their names. */
  headersLike(pattern: RegExp): string[] {
    const names: string[] = []
    const light = lightListOf(this.#headers)
    if (light === undefined) for (const name of this.#headers.keys()) if (pattern.test(name)) names.push(name)
    for (let at = 0; at < (light?.length ?? 0); at += 2) {
      const name = light?.[at] ?? ''
      if (pattern.test(name)) names.push(name)
    }
    return names.sort()
  }

  /** A setting that may be left out. */
  setting(name: string): string | undefined {
    return Object.hasOwn(this.#config, name) ? this.#config[name] : undefined
  }

  config(name: string): string | undefined {
    return this.setting(name) ?? this.lacks('setting_missing')
  }

  /** The name of a carrier, which may be one that the account chose. */
  nameOf({ name }: Carrier): string | undefined {
    if (!name.startsWith('{')) return name
    const [, setting] = /^\{config:(.*)\}$/.exec(name) ?? []
    return setting === undefined ? name : this.config(setting)
  }

  /** The text at a carrier; a value in a signature or a token is not for us. */
  carried(carrier: Carrier): string | undefined {
    const name = this.nameOf(carrier)
    if (name === undefined) return undefined
    switch (carrier.in) {
      case 'header':
        return this.header(name)
      case 'query':
        return this.single(this.query(), name)
      case 'form':
        return this.single(this.form(), name)
      case 'query-or-form':
        return this.single(this.params(), name)
      case 'json':
      case 'multipart-json':
        return this.text(name)
      case 'signature-field':
      case 'jwt-claim':
        return undefined
    }
  }

  /** The only value of a name. */
  single(fields: readonly Field[] | undefined, name: string): string | undefined {
    const found = fields?.filter((field) => field[0] === name)
    if (found === undefined || found.length > 1)
      return this.lacks(found === undefined ? 'body_malformed' : 'value_repeated')
    return found[0]?.[1] ?? this.lacks('value_missing')
  }

  query(): readonly Field[] {
    return (this.#query ??= formFields(queryOf(this.url)) ?? [])
  }

  /** The fields of a form; `undefined` where the body is not text. */
  form(): readonly Field[] | undefined {
    return (this.#form ??= formFields(this.body))
  }

  /** Everything that was sent as a name and a value: in the address, in a form, or as members of a JSON object. */
  params(): readonly Field[] | undefined {
    const data = this.#headers.get('content-type')?.includes('json') === true ? this.json() : undefined
    const sent = typeof data === 'object' && data !== null ? this.#members(data) : this.form()
    return sent === undefined ? undefined : [...this.query(), ...sent]
  }

  /** The members of an object as texts; `undefined` where one is none. */
  #members(data: object): readonly Field[] | undefined {
    const fields: Field[] = []
    for (const name of Object.keys(data)) {
      const text = this.text(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      if (text === undefined) return undefined
      fields.push([name, text])
    }
    return fields
  }

  /** What the JSON of the body, or of its field, means. */
  json(): unknown {
    if (this.#parsed) return this.#json
    this.#parsed = true
    const { carrier } = this.#scheme.signature
    const json =
      carrier?.in === 'multipart-json'
        ? multipartField(this.body, this.#headers.get('content-type') ?? '', carrier.field ?? '')
        : this.body
    this.#json = json === undefined ? undefined : parseJson(json)
    return this.#json
  }

  /** Reads on as if the body were this one of its items. */
  enter(item: unknown): void {
    this.#parsed = true
    this.#json = item
    this.missing = undefined
  }

  /** A member of the JSON as text, empty where there is none; lists and objects are no text. */
  text(pointer: string): string | undefined {
    const data = this.json()
    if (data === undefined) return this.lacks('body_malformed')
    const value = valueAt(data, pointer) ?? ''
    if (typeof value === 'string') return value
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : this.lacks('body_malformed')
  }

  /** Asks whether the JSON has a member with a value other than null. */
  hasMember(name: string): boolean {
    return (valueAt(this.json(), `/${name}`) ?? null) !== null
  }

  /** Notes why something is not there. The first reason stays. */
  lacks(reason: RejectReason): undefined {
    this.missing ??= reason
  }
}

/** The other names of the headers, where they came under those and not under their first. */
function aliasesIn(headers: Headers, { headerAliases, signature }: Scheme): Scheme['headerAliases'] {
  const first = signature.carrier?.name ?? ''
  const other = headerAliases?.[first]
  return other !== undefined && !headers.has(first) && headers.has(other) ? headerAliases : undefined
}

/** What stands between the first question mark of an address and its fragment. */
export function queryOf(url: string): string {
  const at = url.indexOf('?')
  if (at < 0) return ''
  const end = url.indexOf('#', at)
  return url.slice(at + 1, end < 0 ? undefined : end)
}
