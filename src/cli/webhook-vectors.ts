import { webhookProviderOf } from '../providers/webhook-catalogue.ts'
import { type Scheme } from '../providers/scheme.ts'
import { keyNeeded } from '../webhooks/key-needed.ts'
import { type RejectReason } from '../webhooks/reject-reason.ts'
import { verify } from '../webhooks/signature.ts'

/** One key of a receiver, in the form in which the provider issues it. */
export interface VectorKey {
  readonly id?: string
  /** Address that a certificate was fetched from. */
  readonly url?: string
  readonly value: unknown
  readonly [more: string]: unknown
}

/** One delivery with the verdict that a right receiver gives it. */
export interface Vector {
  readonly id: string
  readonly scheme: string
  readonly description?: string
  readonly request: {
    readonly method: string
    readonly url: string
    /** As sent, in order; a name may come twice. */
    readonly headers: readonly (readonly [string, string])[]
    readonly body_base64: string
  }
  readonly keys: readonly VectorKey[]
  readonly config?: Readonly<Record<string, unknown>>
  /** The receiver's clock, in seconds. */
  readonly now: number
  readonly valid: boolean
  /** `must`: every right receiver says so. `quirk`: one library does, a stricter receiver may not. */
  readonly binding: 'must' | 'quirk'
}

/** What became of one vector. */
export interface VectorOutcome {
  readonly vector: Vector
  readonly agrees: boolean
  /** Why we refused it. */
  readonly reason?: RejectReason
}

/** Verifies the delivery of a vector and compares. Throws `unknown_provider` for a scheme that does not exist. */
export function judgeVector(vector: Vector): VectorOutcome {
  const { scheme } = webhookProviderOf(vector.scheme).webhooks
  const { method, url } = vector.request
  const body = Buffer.from(vector.request.body_base64, 'base64')
  const headers = headersOf(vector.request.headers)
  const config = settingsOf(vector)
  const parts = { headers, body, method, url, config }
  const needed = keyNeeded(scheme, parts)
  const fetched = typeof needed === 'object' && needed.kind === 'x509-url' ? needed.url : undefined
  const secrets = vector.keys
    .filter((key) => key.url === undefined || key.url === fetched)
    .map((key) => keyText(key, scheme))
  const verdict = verify(scheme, { ...parts, secrets, nowMs: vector.now * 1000 })
  const agrees = verdict.ok === vector.valid
  return verdict.ok ? { vector, agrees } : { vector, agrees, reason: verdict.reason }
}

/** Headers as a server hands them over. What is not Latin-1 is the bytes that a sender wrote. */
function headersOf(list: Vector['request']['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of list) {
    headers.append(name, /[\u0100-\uffff]/.test(value) ? Buffer.from(value).toString('latin1') : value)
  }
  return headers
}

/** A key as one text: its id stands before it where the scheme's keys have ids. */
function keyText({ id, value, user, username = user, password }: VectorKey, scheme: Scheme): string {
  if (typeof value === 'object' && value !== null)
    return JSON.stringify(id === undefined ? value : { ...value, kid: id })
  if (scheme.key.form === 'user-and-password' && typeof password === 'string') return `${String(username)}:${password}`
  const text = String(value)
  const withId = scheme.key.id !== undefined || (scheme.key.form === 'user-and-password' && !text.includes(':'))
  return id !== undefined && withId ? `${id}:${text}` : text
}

/** Settings under the names that our schemes use. */
function settingsOf({ config = {} }: Vector): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(config)) if (typeof value === 'string') settings[name] = value
  return settings
}
