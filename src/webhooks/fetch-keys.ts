import { bytesOf, discard } from '../core/body.ts'
import { type Clock } from '../core/clock.ts'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { type Service } from '../core/service.ts'
import { certificateOf, isValidAt } from './certificate.ts'
import { type KeyNeeded } from './key-needed.ts'
import { parseJson, valueAt } from './parsed-body.ts'
import { within } from './within.ts'

export type KeyRefusal = 'key_unavailable' | 'key_refused' | 'key_unknown'

/** Keys that one address told. */
export interface FetchedKeys {
  /** Those of an id, as texts that `verify` takes. */
  of(kid: string | undefined): readonly string[]
}

export interface FailedFetch {
  readonly reason: KeyRefusal
  readonly detail: string
  /** Why, in one word. */
  readonly code?: string
}

export interface FetchKeysOptions {
  readonly fetch: Service
  readonly clock: Clock
  readonly config: Readonly<Record<string, string>>
  readonly maxBytes: number
  readonly timeoutMs: number
}

/** Asks one address for keys, once. Rejects with `usage` only. */
export async function fetchKeys(needed: KeyNeeded, options: FetchKeysOptions): Promise<FetchedKeys | FailedFetch> {
  const { clock, timeoutMs } = options
  const request = requestFor(needed, options)
  const limit = new AbortController()
  const late = () => {
    const error = new GoodfenceError('timeout', `No key within ${timeoutMs} ms.`, { timeoutMs, phase: 'attempt' })
    limit.abort(error)
    return error
  }
  try {
    return await within(clock, timeoutMs, exchange(request, needed, limit.signal, options), late)
  } catch (error) {
    const code = isGoodfenceError(error) ? error.code : 'network'
    return { ...failed('key_unavailable', error instanceof Error ? error.message : 'no answer'), code }
  }
}

/** Redirects are for the one who answers to see, not for us to follow. */
function requestFor({ url, ask, kid = '' }: KeyNeeded, { config }: FetchKeysOptions): Request {
  if (ask === undefined) return new Request(url, { redirect: 'manual' })
  const body = Object.entries(ask).map(([name, template]) => [name, filled(template, kid, config)])
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  return new Request(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(Object.fromEntries(body)),
    redirect: 'manual',
  })
}

/** A template with its values. What a value holds is not looked at again. */
function filled(template: string, kid: string, config: FetchKeysOptions['config']): string {
  return template.replaceAll(/\{(?:config:(\w+)|kid)\}/g, (_, name?: string) => {
    if (name === undefined) return kid
    const value = Object.hasOwn(config, name) ? config[name] : undefined
    if (value !== undefined) return value
    throw new GoodfenceError('usage', `The provider tells its keys only to who gives "${name}", which was not set.`, {
      mend: `set config.${name} of the key source`,
    })
  })
}

async function exchange(
  request: Request,
  needed: KeyNeeded,
  signal: AbortSignal,
  { fetch, clock, maxBytes }: FetchKeysOptions,
): Promise<FetchedKeys | FailedFetch> {
  const response = await fetch(request, { signal })
  if (response.status !== 200 || response.redirected) {
    await discard(response)
    return { ...failed(reasonOf(response), `status ${response.status}`), code: `status_${response.status}` }
  }
  const bytes = await bytesOf(response, { maxBytes, signal })
  return needed.kind === 'x509-url'
    ? readCertificate(bytes, clock.now())
    : readKeys(parseJson(bytes), needed, clock.now())
}

/** An answer other than 200 says that there is no such key, or nothing about keys at all. */
function reasonOf({ status, redirected }: Response): KeyRefusal {
  if (redirected || (status >= 300 && status <= 399)) return 'key_refused'
  return status === 400 || status === 404 || status === 410 ? 'key_unknown' : 'key_unavailable'
}

/** The address was the sender's choice, so what it tells is judged as the sender's. */
function readCertificate(bytes: Uint8Array, nowMs: number): FetchedKeys | FailedFetch {
  const pem = new TextDecoder().decode(bytes)
  const certificate = certificateOf(pem)
  if (certificate === undefined) return failed('key_refused', 'not a certificate in PEM')
  if (!isValidAt(certificate, nowMs)) return failed('key_refused', 'a certificate out of its time')
  return { of: () => [pem] }
}

function readKeys(
  answer: unknown,
  { kind, keyAt = '', expiredAt, kid }: KeyNeeded,
  nowMs: number,
): FetchedKeys | FailedFetch {
  if (expiredAt !== undefined) {
    const endS = valueAt(answer, expiredAt) ?? null
    if (endS !== null && !(typeof endS === 'number' && nowMs < endS * 1000))
      return failed('key_unknown', 'an expired key')
  }
  const listed = kind === 'jwks' ? valueAt(answer, '/keys') : [valueAt(answer, keyAt)]
  if (!Array.isArray(listed) || listed.length > maxKeys) return failed('key_unavailable', 'not a set of keys')
  const byId = new Map<string, string[]>()
  for (const key of listed as readonly unknown[]) {
    const isPublic = ['RSA', 'EC', 'OKP'].includes(String(valueAt(key, '/kty')))
    if (!isPublic || (valueAt(key, '/use') ?? 'sig') !== 'sig') continue
    const id = valueAt(key, '/kid') ?? (kind === 'jwk' ? kid : undefined)
    if (typeof id === 'string') byId.set(id, [...(byId.get(id) ?? []), JSON.stringify(key)])
  }
  if (byId.size === 0) return failed('key_unavailable', 'no key in the answer')
  return { of: (id) => byId.get(id ?? '') ?? [] }
}

/** More keys than any provider signs with. */
const maxKeys = 100

function failed(reason: KeyRefusal, detail: string): FailedFetch {
  return { reason, detail }
}
