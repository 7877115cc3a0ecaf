import { isGoodfenceError } from '../core/errors.ts'
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
  /** What gave this verdict first. */
  readonly checked_with?: string
}

/** What became of one vector. */
export interface VectorOutcome {
  readonly vector: Vector
  readonly agrees: boolean
  /** `unknown`: there is no such scheme. */
  readonly got: 'accepted' | 'refused' | 'unknown'
  /** Why we refused it. */
  readonly reason?: RejectReason
  /** What was meant, perhaps, where there is no such scheme. */
  readonly message?: string
}

/** Verifies the delivery of a vector and compares. */
export function judgeVector(vector: Vector): VectorOutcome {
  let scheme: Scheme
  try {
    scheme = webhookProviderOf(vector.scheme).webhooks.scheme
  } catch (error) {
    if (!isGoodfenceError(error, 'unknown_provider')) throw error
    return { vector, agrees: false, got: 'unknown', message: error.message }
  }
  const { method, url } = vector.request
  const body = Buffer.from(vector.request.body_base64, 'base64')
  const headers = headersOf(vector.request.headers)
  const config = settingsOf(vector, scheme)
  const parts = { headers, body, method, url, config }
  const needed = keyNeeded(scheme, parts)
  const fetched = typeof needed === 'object' && needed.kind === 'x509-url' ? needed.url : undefined
  const secrets = vector.keys
    .filter((key) => key.url === undefined || key.url === fetched)
    .map((key) => keyText(key, scheme))
  const verdict = verify(scheme, { ...parts, secrets, nowMs: vector.now * 1000 })
  const agrees = verdict.ok === vector.valid
  return verdict.ok ? { vector, agrees, got: 'accepted' } : { vector, agrees, got: 'refused', reason: verdict.reason }
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
function keyText({ id, value, ...more }: VectorKey, { key }: Scheme): string {
  if (key.form === 'user-and-password') return userAndPassword(id, value, more)
  if (typeof value === 'object' && value !== null)
    return JSON.stringify(id === undefined ? value : { ...value, kid: id })
  return id !== undefined && key.id !== undefined ? `${id}:${String(value)}` : String(value)
}

/** Both in one text already, or each for itself, beside the value or within it. */
function userAndPassword(id: string | undefined, value: unknown, more: Readonly<Record<string, unknown>>): string {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : more
  const user = text(given.user) ?? text(given.username) ?? id
  const password = text(given.password) ?? text(value) ?? ''
  return user === undefined ? password : `${user}:${password}`
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Settings under the names that the scheme knows them by. */
function settingsOf({ config = {} }: Vector, { signature }: Scheme): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(config)) if (typeof value === 'string') settings[name] = value
  const texts = Object.values(settings)

  // Where a name is the account's own choice, the file may call that setting anything, but has no other.
  const [, chosenName] = /^\{config:(.*)\}$/.exec(signature.carrier?.name ?? '') ?? []
  if (chosenName !== undefined && texts[0] !== undefined) settings[chosenName] ??= texts[0]

  if (signature.algorithms !== undefined) {
    const { setting, of } = signature.algorithms
    const named = Object.keys(of).find((name) => texts.some((text) => sameAlgorithm(name, text)))
    if (named !== undefined) settings[setting] = named
  }
  return settings
}

/** The same algorithm goes by several names: `hmac-sha256`, `sha256hmac`, `SHA256`. */
function sameAlgorithm(name: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/hmac|[^a-z0-9]/g, '')
      .replace(/hash$/, 'suffix')
  return plain(name) === plain(other)
}
