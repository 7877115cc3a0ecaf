import { JsonBody } from './json-body.ts'

export type KnownBody = string | Uint8Array<ArrayBuffer> | null

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * A body whose text or bytes are in memory, read as the platform reads one: once. Only who asks for a
 * stream, a blob or a form gets the platform's own built.
 */
export class LightBody {
  #known: KnownBody | JsonBody
  #used = false
  #real: Response | undefined

  constructor(known: KnownBody | JsonBody) {
    this.#known = known
  }

  /** Text or bytes as they are at hand, whether or not the body was read. */
  get known(): KnownBody {
    if (this.#known instanceof JsonBody) this.#known = this.#known.text
    return this.#known
  }

  /** Whether it is JSON that nobody has asked the text of. */
  get isUnwritten(): boolean {
    return this.#known instanceof JsonBody
  }

  /** The bytes, whether or not the body was read. */
  get knownBytes(): Uint8Array<ArrayBuffer> | null {
    const known = this.known
    if (typeof known !== 'string') return known
    const bytes = encoder.encode(known)
    this.#known = bytes
    return bytes
  }

  get stream(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#known === null ? null : this.#platform().body
  }

  get used(): boolean {
    return this.#real === undefined ? this.#used : this.#real.bodyUsed
  }

  /** Nobody will read the body any more: what cancelling its stream does, without the stream. */
  spend(): Promise<void> {
    if (this.#real === undefined) this.#used = this.#known !== null
    else if (this.#real.body?.locked === false) return this.#real.body.cancel()
    return Promise.resolve()
  }

  text(): Promise<string> {
    return this.#real === undefined ? this.#read(textOf) : this.#real.text()
  }

  json(): Promise<unknown> {
    if (this.#real !== undefined) return this.#real.json()
    const body = this.#known
    if (this.#used || !(body instanceof JsonBody)) return this.#read(jsonOf)
    this.#used = true
    return Promise.resolve(body.read())
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#real === undefined ? this.#read(copyOf) : (this.#real.bytes() as Promise<Uint8Array<ArrayBuffer>>)
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#real === undefined ? this.#read((body) => copyOf(body).buffer) : this.#real.arrayBuffer()
  }

  async blob(headers: Headers): Promise<Blob> {
    return this.#typed(headers).blob()
  }

  async formData(headers: Headers): Promise<FormData> {
    return this.#typed(headers).formData()
  }

  /** What a clone starts from: the known body, or one half of the stream when somebody holds that already. */
  branch(): KnownBody | ReadableStream<Uint8Array<ArrayBuffer>> {
    if (this.used || this.#real?.body?.locked)
      throw new TypeError('Body has already been consumed: clone before it is read.')
    return this.#real === undefined ? this.known : this.#real.clone().body
  }

  #read<T>(how: (body: string | Uint8Array) => T): Promise<T> {
    if (this.#used) return Promise.reject(unusable())
    this.#used = this.#known !== null
    try {
      return Promise.resolve(how(this.known ?? ''))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** The platform's message over the same bytes; a body that was read here is read there too. */
  #platform(): Response {
    if (this.#real === undefined) {
      this.#real = new Response(this.known)
      if (this.#used) void this.#real.arrayBuffer()
    }
    return this.#real
  }

  /** A message with this body and the present content type, which blobs and forms depend on. */
  #typed(headers: Headers): Response {
    if (this.used) throw unusable()
    const type = headers.get('content-type')
    return new Response(this.stream, { headers: type === null ? {} : { 'content-type': type } })
  }
}

/** Text after a round trip through UTF-8: without a byte order mark and lone surrogates. */
function textOf(body: string | Uint8Array): string {
  if (typeof body !== 'string') return decoder.decode(body)
  const text = body.isWellFormed() ? body : body.toWellFormed()
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function jsonOf(body: string | Uint8Array): unknown {
  return JSON.parse(textOf(body))
}

function copyOf(body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? encoder.encode(body) : new Uint8Array(body)
}

function unusable(): TypeError {
  return new TypeError('Body is unusable: Body has already been read')
}
