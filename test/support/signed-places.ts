import { type Scheme } from '../../src/providers/scheme.ts'
import { multipartField, writeMultipartField } from '../../src/webhooks/multipart-field.ts'
import { valueAt } from '../../src/webhooks/parsed-body.ts'
import { namesOf, type Unsigned } from './scheme-delivery.ts'

/** A text in a delivery that is signed, or that carries the signature: no change of it may pass. */
export interface Place<Delivery extends Unsigned> {
  readonly name: string
  readonly value: string
  /** The delivery with another text there. */
  with(value: string): Delivery
}

/** Every such place that the scheme's data names. Bodies that are signed byte for byte are not among them. */
export function signedPlaces<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Place<Delivery>[] {
  return [
    ...headerPlaces(scheme, delivery),
    ...queryPlaces(scheme, delivery),
    ...formPlaces(scheme, delivery),
    ...jsonPlaces(scheme, delivery),
    ...settingPlaces(scheme, delivery),
  ]
}

function headerPlaces<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Place<Delivery>[] {
  const { signature, timestamp, messageId, signedHeaders, fixedHeaders = {} } = scheme
  const listed = signedHeaders === undefined ? [] : (headerValue(delivery, signedHeaders.listHeader)?.split(',') ?? [])
  const pattern = new RegExp(`^${(signature.carriersPattern ?? ' ').replace('{n}', String.raw`\d`)}$`, 'i')
  const names = [
    ...(signature.carriers ?? []).map(({ name }) => name),
    ...Object.keys(delivery.headers).filter((name) => pattern.test(name)),
    ...namesOf(scheme, 'header'),
    ...listed,
    ...Object.keys(fixedHeaders),
  ]
  for (const carrier of [signature.carrier, timestamp?.carrier, messageId]) {
    if (carrier?.in === 'header') names.push(chosen(carrier.name, delivery))
  }
  const present = Object.keys(delivery.headers).filter((name) =>
    names.some((each) => each.toLowerCase() === name.toLowerCase()),
  )
  return present.map((name) => ({
    name: `header ${name}`,
    value: delivery.headers[name] ?? '',
    with: (value) => ({ ...delivery, headers: { ...delivery.headers, [name]: value } }),
  }))
}

function headerValue({ headers }: Unsigned, name: string): string | undefined {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

/** The name that the account chose, where it chooses. */
function chosen(name: string, { config }: Unsigned): string {
  return name.replace(/^\{config:(.*)\}$/, (_, setting: string) => config[setting] ?? '')
}

function queryPlaces<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Place<Delivery>[] {
  const { signature, signedContent, bodyHash, token } = scheme
  const [origin = '', rest = ''] = delivery.url.split(/(?<=shop\.test\/)/)
  const whole: Place<Delivery> = { name: 'url', value: rest, with: (value) => ({ ...delivery, url: origin + value }) }
  const isWhole = /\{(url|path)\}/.test(signedContent ?? '') || token?.urlClaim !== undefined
  const names = [...namesOf(scheme, 'query')]
  for (const carrier of [signature.carrier, bodyHash?.carrier]) {
    if (carrier?.in.startsWith('query') === true) names.push(chosen(carrier.name, delivery))
  }
  const query = new URL(delivery.url).searchParams
  const isSorted = /\{(query_sorted|params_sorted_amp)\}/.test(signedContent ?? '')
  const present = isSorted ? [...new Set(query.keys())] : names.filter((name) => query.has(name))
  const places = present.map((name): Place<Delivery> => ({
    name: `query ${name}`,
    value: query.get(name) ?? '',
    with(value) {
      const url = new URL(delivery.url)
      url.searchParams.set(name, value)
      return { ...delivery, url: url.href }
    },
  }))
  return isWhole ? [whole, ...places] : places
}

function formPlaces<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Place<Delivery>[] {
  const { signature, signedContent, request } = scheme
  if (request.contentType !== 'application/x-www-form-urlencoded') return []
  const isWhole = /\{(form_sorted_concat|params_sorted_amp)\}/.test(signedContent ?? '')
  const names = new Set([...namesOf(scheme, 'form'), signature.carrier?.name ?? ''])
  const fields = new URLSearchParams(delivery.body.toString())
  return [...new Set(fields.keys())]
    .filter((name) => isWhole || names.has(name))
    .map((name) => ({
      name: `form ${name}`,
      value: fields.get(name) ?? '',
      with(value) {
        const changed = new URLSearchParams(fields)
        changed.set(name, value)
        return { ...delivery, body: Buffer.from(changed.toString()) }
      },
    }))
}

function jsonPlaces<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Place<Delivery>[] {
  const { signature, timestamp, signedFields, versionField, items } = scheme
  const pointers = [...namesOf(scheme, 'json')]
  for (const carrier of [signature.carrier, timestamp?.carrier]) {
    if (carrier?.in.endsWith('json') === true) pointers.push(carrier.name)
  }
  if (versionField !== undefined) pointers.push(versionField.at)
  if (pointers.length === 0) return []
  const parsed = readJson(scheme, delivery)
  if (signedFields !== undefined) {
    const kind = valueAt(parsed, signedFields.by) as string
    pointers.push(...(signedFields.of[kind] ?? []).map((name) => `/${name}`))
  }
  return itemPointers(parsed, items).flatMap((before) =>
    [...new Set(pointers)].map((pointer): Place<Delivery> => {
      const value = valueAt(parsed, before + pointer) as string | number | null | undefined
      return {
        name: `json ${before}${pointer}`,
        value: String(value ?? ''),
        with: (text) => writeJson(scheme, delivery, (data) => setAt(data, before + pointer, text)),
      }
    }),
  )
}

/** Where each item stands; the whole JSON where it has none. */
function itemPointers(parsed: unknown, items: string | undefined): string[] {
  if (items === undefined) return ['']
  const list = valueAt(parsed, items.split('/*')[0] ?? '') as unknown[]
  return list.map((_, at) => items.replace('*', String(at)))
}

/** The JSON of a delivery, whether it is the body or a field of it. */
function readJson(scheme: Scheme, { headers, body }: Unsigned): unknown {
  const { field } = scheme.signature.carrier ?? {}
  const bytes =
    field === undefined ? body : multipartField(body, headerValue({ headers } as Unsigned, 'content-type') ?? '', field)
  return JSON.parse(Buffer.from(bytes ?? []).toString())
}

function writeJson<Delivery extends Unsigned>(
  scheme: Scheme,
  delivery: Delivery,
  change: (data: unknown) => void,
): Delivery {
  const data = readJson(scheme, delivery)
  change(data)
  return withBodyText(scheme, delivery, JSON.stringify(data))
}

/** What a body says: the field that holds JSON where it has one. */
export function bodyText(scheme: Scheme, delivery: Unsigned): string {
  const isField = scheme.signature.carrier?.field !== undefined
  return isField ? JSON.stringify(readJson(scheme, delivery)) : delivery.body.toString()
}

/** The delivery with a body that says something else. */
export function withBodyText<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery, text: string): Delivery {
  const { field } = scheme.signature.carrier ?? {}
  if (field === undefined) return { ...delivery, body: Buffer.from(text) }
  const { contentType, body } = writeMultipartField(field, Buffer.from(text))
  return { ...delivery, headers: { ...delivery.headers, 'Content-Type': contentType }, body: Buffer.from(body) }
}

/** Puts a text where a pointer says. */
export function setAt(data: unknown, pointer: string, value: unknown): void {
  const steps = pointer.split('/').slice(1)
  const last = steps.pop() ?? ''
  let at = data as Record<string, unknown>
  for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>
  at[last] = value
}

function settingPlaces<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Place<Delivery>[] {
  const claimed = Object.values(scheme.token?.claims ?? {}).flatMap((value) =>
    typeof value === 'string' ? (/^\{config:(.*)\}$/.exec(value)?.[1] ?? []) : [],
  )
  const places = [...namesOf(scheme, 'config'), ...claimed].map((name): Place<Delivery> => ({
    name: `setting ${name}`,
    value: delivery.config[name] ?? '',
    with: (value) => ({ ...delivery, config: { ...delivery.config, [name]: value } }),
  }))
  if (scheme.signedContent?.includes('{method}') === true) {
    places.push({ name: 'method', value: delivery.method, with: (method) => ({ ...delivery, method }) })
  }
  return places
}
