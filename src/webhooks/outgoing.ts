import { GoodfenceError } from '../core/errors.ts'
import { lightHeaders } from '../core/light-headers.ts'
import { type Carrier } from '../providers/signature-facts.ts'
import { type Scheme } from '../providers/scheme.ts'
import { Arrived, type SignedParts } from './arrived.ts'
import { multipartField, writeMultipartField } from './multipart-field.ts'
import { parseJson, pointerSteps } from './parsed-body.ts'

/** A delivery while it is being signed. */
export class Outgoing {
  readonly headers: Record<string, string>
  body: Uint8Array
  url: string | undefined
  readonly #scheme: Scheme
  readonly #parts: SignedParts

  constructor(scheme: Scheme, headers: Readonly<Record<string, string>>, body: Uint8Array, parts: SignedParts) {
    this.#scheme = scheme
    this.#parts = parts
    for (const [name, value] of Object.entries(headers)) requireHeader(name, value)
    this.headers = { ...headers }
    this.body = body
    this.url = parts.url
  }

  /** The delivery as a receiver would read it now. */
  arrived(): Arrived {
    return new Arrived(this.#scheme, lightHeaders(this.headers), this.body, {
      ...this.#parts,
      method: this.#parts.method ?? this.#scheme.request.method,
      url: this.url,
    })
  }

  header(name: string): string | undefined {
    const found = Object.keys(this.headers).find((each) => each.toLowerCase() === name.toLowerCase())
    return found === undefined ? undefined : this.headers[found]
  }

  setHeader(name: string, value: string): void {
    requireHeader(name, value)
    for (const each of Object.keys(this.headers)) {
      if (each.toLowerCase() === name.toLowerCase() && each !== name) delete this.headers[each]
    }
    this.headers[name] = value
  }

  /** Puts a value where it is carried. */
  put(carrier: Carrier, value: string | number): void {
    const name = this.arrived().nameOf(carrier)
    if (name === undefined) throw this.lacking()
    switch (carrier.in) {
      case 'header':
        return this.setHeader(name, String(value))
      case 'query':
        return this.#putInQuery(name, String(value))
      case 'form':
        return this.#putInForm(name, String(value))
      case 'query-or-form':
        if ((this.#parts.method ?? this.#scheme.request.method) === 'GET') return this.#putInQuery(name, String(value))
        if (this.header('content-type')?.includes('json') === true) return this.putInJson(`/${name}`, value)
        return this.#putInForm(name, String(value))
      case 'json':
      case 'multipart-json':
        return this.putInJson(name, value)
      case 'signature-field':
      case 'jwt-claim':
        return undefined
    }
  }

  /** What the JSON of the body means. */
  json(): unknown {
    const { carrier } = this.#scheme.signature
    const inField = carrier?.in === 'multipart-json'
    const field = inField
      ? multipartField(this.body, this.header('content-type') ?? '', carrier.field ?? '')
      : undefined
    const data = parseJson(field ?? this.body)
    if (typeof data !== 'object' || data === null) {
      throw new GoodfenceError('usage', `Deliveries of "${this.#scheme.id}" are signed inside a JSON body.`, {
        mend: 'give a body that is a JSON object or list',
      })
    }
    return data
  }

  putInJson(pointer: string, value: string | number): void {
    const data = this.json()
    setAt(data, pointer, value)
    this.setJson(data)
  }

  setJson(data: unknown): void {
    const { carrier } = this.#scheme.signature
    const json = Buffer.from(JSON.stringify(data))
    if (carrier?.in !== 'multipart-json') {
      this.body = json
      return
    }
    const { contentType, body } = writeMultipartField(carrier.field ?? '', json)
    this.setHeader('Content-Type', contentType)
    this.body = body
  }

  #putInQuery(name: string, value: string): void {
    const [address = '', fragment] = (this.url ?? '').split('#', 2)
    const before = address.includes('?') ? '&' : '?'
    this.url = address + before + pair(name, value) + (fragment === undefined ? '' : `#${fragment}`)
  }

  #putInForm(name: string, value: string): void {
    const before = this.body.length === 0 ? '' : '&'
    this.body = Buffer.concat([this.body, Buffer.from(before + pair(name, value))])
  }

  lacking(): GoodfenceError {
    const { id, signedContent } = this.#scheme
    return new GoodfenceError('usage', `The scheme "${id}" signs a header or setting that was not given.`, {
      mend:
        signedContent === null
          ? 'give every setting that the scheme names'
          : `give every value that "${signedContent}" names`,
    })
  }
}

function pair(name: string, value: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
}

/** Throws `usage` for what no request can carry, without the value: it may be a secret. */
function requireHeader(name: string, value: string): void {
  const isName = /^[\w!#$%&'*+.^`|~-]+$/.test(name)
  if (isName && /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)) return
  const wrong = isName ? `The header ${name} was given a value` : `A header was given a name, ${JSON.stringify(name)},`
  throw new GoodfenceError('usage', `${wrong} with characters that no header can have.`, {
    mend: 'keep to visible ASCII in names, ids, types, settings and tokens that stand in headers',
  })
}

/** Sets the value at a pointer into JSON, and makes the objects on the way there. */
export function setAt(data: unknown, pointer: string, value: unknown): void {
  const steps = pointerSteps(pointer)
  const last = steps.pop()
  let at = data as Record<string, unknown>
  for (const step of steps) {
    const next = Object.hasOwn(at, step) ? at[step] : undefined
    at[step] = typeof next === 'object' && next !== null ? next : {}
    at = at[step] as Record<string, unknown>
  }
  if (last !== undefined) at[last] = value
}
