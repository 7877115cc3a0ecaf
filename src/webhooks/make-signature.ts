import { createHash } from 'node:crypto'
import { GoodfenceError } from '../core/errors.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type Arrived } from './arrived.ts'
import { type Method, methods } from './detached-signature.ts'
import { makeTokenSigning } from './make-token.ts'
import { Outgoing, setAt } from './outgoing.ts'
import { valueAt } from './parsed-body.ts'
import { itemsAt } from './scheme-items.ts'
import { keyWithId } from './secret-key.ts'
import { carriedText } from './signature-carrier.ts'
import { type SignedDelivery, type SignOptions } from './signature.ts'
import { carriedTime } from './signed-time.ts'

/** Makes the function that signs deliveries of a scheme. */
export function makeSigning(scheme: Scheme): (options: SignOptions) => SignedDelivery {
  const put = signatureMaker(scheme)
  return (options) => {
    const out = new Outgoing(scheme, options.headers ?? {}, options.body, options)
    const secrets = typeof options.secret === 'string' ? [options.secret] : options.secret
    prepare(scheme, out, options)
    put(out, secrets, options)
    return { headers: out.headers, body: out.body, url: out.url }
  }
}

type Put = (out: Outgoing, secrets: readonly string[], options: SignOptions) => void

function signatureMaker(scheme: Scheme): Put {
  if (scheme.signature.type === 'none') return () => undefined
  if (scheme.token !== undefined) return makeTokenSigning(scheme, scheme.token)
  const methodOfDelivery = methods(scheme)
  if (scheme.items !== undefined) return signItems(scheme, scheme.items, methodOfDelivery)
  return (out, secrets, { timestampMs }) => {
    const timestamp = scheme.timestamp === null ? '' : carriedTime(scheme.timestamp, timestampMs)
    const arrived = out.arrived()
    arrived.ts = timestamp
    const made = secrets.map((secret) => signatureOf(arrived, scheme, methodOfDelivery, secret) ?? fail(out))
    const { carrier, carriers, carriersPattern } = scheme.signature
    if (carriers !== undefined) {
      for (const [index, { id, text }] of made.entries()) {
        const own = carriers.find(({ keyId }) => keyId === id) ?? carriers[index]
        if (own !== undefined) out.setHeader(own.name, text)
      }
    } else if (carriersPattern !== undefined) {
      for (const [index, { text }] of made.entries())
        out.setHeader(carriersPattern.replace('{n}', String(index + 1)), text)
    } else if (carrier !== undefined) {
      const signatures = made.map(({ text }) => text)
      out.put(carrier, carriedText(scheme, { signatures, keyIds: made.map(({ id }) => id ?? ''), timestamp }))
    }
  }
}

/** Signs each item of the body by itself. */
function signItems(scheme: Scheme, pointer: string, methodOfDelivery: (arrived: Arrived) => Method | undefined): Put {
  return (out, [secret = '']) => {
    const data = out.json()
    const items = itemsAt(data, pointer)
    if (items === undefined || items.length === 0) {
      throw new GoodfenceError('usage', `Deliveries of "${scheme.id}" are signed item by item, and there are none.`, {
        mend: `give a body with at least one object at ${pointer}`,
      })
    }
    for (const item of items) {
      const arrived = out.arrived()
      arrived.enter(item)
      const made = signatureOf(arrived, scheme, methodOfDelivery, secret) ?? fail(out)
      setAt(item, scheme.signature.carrier?.name ?? '', made.text)
    }
    out.setJson(data)
  }
}

function signatureOf(
  arrived: Arrived,
  scheme: Scheme,
  methodOfDelivery: (arrived: Arrived) => Method | undefined,
  secret: string,
): { id: string | undefined; text: string } | undefined {
  const method = methodOfDelivery(arrived)
  const content = method?.contents[0]?.(arrived)
  if (method === undefined || content === undefined) return undefined
  const key = keyWithId(scheme.key, secret)
  return { id: key?.id, text: method.signer.sign(content, key?.text ?? '') }
}

function fail(out: Outgoing): never {
  throw out.lacking()
}

/** Writes what goes along with the signature and is not one: versions, ids, times, digests. */
function prepare(scheme: Scheme, out: Outgoing, { timestampMs, messageId, secret }: SignOptions): void {
  const { fixedHeaders = {}, versionField, timestamp, signedHeaders, replayKey, bodyHash, key } = scheme
  for (const [name, value] of Object.entries(fixedHeaders)) out.setHeader(name, value)
  if (versionField !== undefined) out.putInJson(versionField.at, versionField.value)
  if (scheme.messageId !== undefined && messageId !== undefined && out.header(scheme.messageId.name) === undefined) {
    out.put(scheme.messageId, messageId)
  }
  if (timestamp !== null) {
    const text = carriedTime(timestamp, timestampMs)
    out.put(timestamp.carrier, timestamp.jsonType === 'number' ? Number(text) : text)
  }
  if (replayKey !== undefined && valueAt(out.json(), replayKey) === undefined) {
    out.putInJson(
      replayKey,
      createHash('sha256')
        .update(messageId ?? String(timestampMs))
        .update(out.body)
        .digest('hex')
        .slice(0, 50),
    )
  }
  if (scheme.contentPattern !== undefined) asField(scheme.contentPattern.field, out)
  if (bodyHash !== undefined)
    out.put(bodyHash.carrier, createHash(bodyHash.hash).update(out.body).digest(bodyHash.encoding))
  if (key.idFrom !== undefined) {
    const id = keyWithId(key, typeof secret === 'string' ? secret : (secret[0] ?? ''))?.id
    if (id !== undefined) out.put(key.idFrom, id)
  }
  if (signedHeaders !== undefined) {
    const names = [...Object.keys(out.headers), signedHeaders.listHeader].map((name) => name.toLowerCase())
    out.setHeader(signedHeaders.listHeader, [...new Set(names)].sort().join(signedHeaders.separator))
  }
}

/** Longest line of base64 text that the formats of mail allow. */
const lineLength = 60

/** What is no form yet becomes a field of one: base64 text in lines. */
function asField(field: string, out: Outgoing): void {
  if (
    Buffer.from(out.body)
      .toString('latin1')
      .split('&')
      .some((pair) => pair.startsWith(`${field}=`))
  )
    return
  const lines =
    Buffer.from(out.body)
      .toString('base64')
      .match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []
  out.body = Buffer.alloc(0)
  out.put({ in: 'form', name: field }, lines.map((line) => `${line}\n`).join(''))
}
