import fc from 'fast-check'
import { type Scheme } from '../../src/providers/scheme.ts'

/** A delivery of a scheme before it is signed: all that the scheme's data names is there, the rest is chance. */
export interface Unsigned {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly config: Readonly<Record<string, string>>
}

/** Deliveries as the provider could send them. */
export function unsignedDeliveries(scheme: Scheme): fc.Arbitrary<Unsigned> {
  return fc.record({
    method: fc.constantFrom(scheme.request.method, ...(scheme.request.otherMethods ?? [])),
    url: urlsOf(scheme),
    headers: headersOf(scheme),
    body: bodiesOf(scheme),
    config: configOf(scheme),
  })
}

const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
const text = fc.oneof(word, fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', 'a:b', 'a&b=c', '€'))

/** Names behind a placeholder such as `{header:NAME}`, in every template of the scheme. */
export function namesOf(scheme: Scheme, placeholder: string): readonly string[] {
  const templates = [scheme.signedContent ?? '', ...(scheme.verifyAlternatives ?? [])].join('\n')
  const found = templates.matchAll(new RegExp(String.raw`\{${placeholder}:([^}]*)\}`, 'g'))
  return [...new Set([...found].map(([, name = '']) => name))]
}

function urlsOf(scheme: Scheme): fc.Arbitrary<string> {
  const own = namesOf(scheme, 'query')
  const known = fc.tuple(...own.map(() => word))
  // A name that comes twice, in the query or in query and form, has no clear value.
  const names = word.map((name) => `q${name}`)
  const others = fc.uniqueArray(fc.tuple(names, text), { maxLength: 3, selector: ([name]) => name })
  return fc.tuple(known, others).map(([values, more]) => {
    const query = new URLSearchParams([...own.map((name, at): [string, string] => [name, values[at] ?? '']), ...more])
    return `https://shop.test/hooks/${scheme.id}${query.size === 0 ? '' : '?'}${query.toString()}`
  })
}

function headersOf(scheme: Scheme): fc.Arbitrary<Record<string, string>> {
  const { messageId, deliveryId, timestamp, key, request } = scheme
  const names = new Set([...namesOf(scheme, 'header'), ...(scheme.requiredHeaders ?? [])])
  for (const carrier of [messageId, deliveryId]) if (carrier?.in === 'header') names.add(carrier.name)
  names.delete(timestamp?.carrier.name ?? '')
  const fixed: Record<string, string> = { 'content-type': request.contentType }
  if (key.urlFrom?.in === 'header') fixed[key.urlFrom.name] = 'https://api.paypal.com/v1/notifications/certs/key.pem'
  return fc.record(Object.fromEntries([...names].map((name) => [name, word]))).map((free) => Object.assign(free, fixed))
}

/** Every setting that the data names, wherever it does. */
function configOf(scheme: Scheme): fc.Arbitrary<Record<string, string>> {
  const { carrier, algorithms } = scheme.signature
  const named = JSON.stringify(scheme).matchAll(/\{config:([^}]*)\}/g)
  const settings: Record<string, fc.Arbitrary<string>> = {}
  for (const [, name = ''] of named) settings[name] = name.endsWith('_url') ? fc.webUrl() : word
  if (algorithms !== undefined) settings[algorithms.setting] = fc.constantFrom(...Object.keys(algorithms.of))
  const chosen = /^\{config:(.*)\}$/.exec(carrier?.name ?? '')?.[1]
  if (chosen !== undefined) settings[chosen] = word.map((each) => `x-${each}`)
  return fc.record(settings)
}

function bodiesOf(scheme: Scheme): fc.Arbitrary<Buffer> {
  const { contentType } = scheme.request
  if (contentType === 'application/x-www-form-urlencoded') return formsOf(scheme)
  if (contentType === 'text/xml')
    return fc.uint8Array().map((bytes) => Buffer.from(`<a>${Buffer.from(bytes).toString('hex')}</a>`))
  const json = jsonOf(scheme).map((each) => Buffer.from(JSON.stringify(each)))
  const isRead = scheme.bodyForm !== 'raw' || scheme.timestamp?.carrier.in === 'json'
  if (isRead) return json
  return fc.oneof(
    json,
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  )
}

function formsOf(scheme: Scheme): fc.Arbitrary<Buffer> {
  const base64 = fc
    .uint8Array({ minLength: 1, maxLength: 100 })
    .map((bytes) => `${Buffer.from(bytes).toString('base64')}\n`)
  const known = fc.record(Object.fromEntries(namesOf(scheme, 'form').map((name) => [name, base64])))
  const names = fc.oneof(
    word.map((name) => `f${name}`),
    fc.constantFrom('a', 'b', 'é'),
  )
  const others = fc.uniqueArray(fc.tuple(names, text), { maxLength: 5, selector: ([name]) => name })
  return fc
    .tuple(known, others)
    .map(([fields, more]) => Buffer.from(new URLSearchParams([...Object.entries(fields), ...more]).toString()))
}

/** JSON with everything that the scheme reads in it, as one object or as a list of items. */
function jsonOf(scheme: Scheme): fc.Arbitrary<object> {
  const pointers = namesOf(scheme, 'json')
  const { urlFrom } = scheme.key
  const item = fc
    .tuple(fc.tuple(...pointers.map(() => fc.oneof(text, fc.integer()))), signedMembersOf(scheme), text)
    .map(([values, members, more]) => {
      const made: Record<string, unknown> = Object.assign({ id: 'evt_1', text: more, price: 1.5 }, members)
      for (const [at, pointer] of pointers.entries()) put(made, pointer, values[at])
      if (urlFrom?.in === 'json') put(made, urlFrom.name, 'https://sns.eu-west-1.amazonaws.com/key.pem')
      return made
    })
  if (scheme.items === undefined) return item
  const [before = '', after = ''] = scheme.items.split('/*')
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => {
    const made: Record<string, unknown> = {}
    put(
      made,
      before,
      items.map((each) => (after === '' ? each : { [after.slice(1)]: each })),
    )
    return made
  })
}

/** The members of one kind of message that is signed line by line. */
function signedMembersOf({ signedFields }: Scheme): fc.Arbitrary<Record<string, unknown>> {
  if (signedFields === undefined) return fc.constant({})
  const kinds = Object.entries(signedFields.of).map(([kind, members]) =>
    fc.record({
      ...Object.fromEntries(members.map((name) => [name, text])),
      [signedFields.by.slice(1)]: fc.constant(kind),
    }),
  )
  return fc.oneof(...kinds)
}

function put(into: Record<string, unknown>, pointer: string, value: unknown): void {
  const steps = pointer.split('/').slice(1)
  const last = steps.pop() ?? ''
  let at = into
  for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>
  at[last] = value
}
