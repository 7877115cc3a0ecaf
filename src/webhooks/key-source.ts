import { type Clock, systemClock } from '../core/clock.ts'
import { type Service } from '../core/service.ts'
import { allowedUrl } from './allowed-url.ts'
import { fetchKeys, type FetchedKeys, type KeyRefusal } from './fetch-keys.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { type KeyNeeded } from './key-needed.ts'

/**
 * What verifying needs, or why it is not to be had. `key_refused`: it is not one of the provider's; `key_unknown`: the
 * provider has no such key. Either is the sender's fault. `key_unavailable` is nobody's: the delivery may be genuine,
 * so it must come again.
 */
export type KeyOutcome =
  | { readonly ok: true; readonly keys: readonly string[] }
  | {
      readonly ok: false
      readonly reason: KeyRefusal
      /** For logs; holds no secret. */
      readonly detail: string
      /** Why it could not be had, in one word: `timeout`, `network`, `status_503`. @default nobody knows */
      readonly code?: string
    }

/** Where the keys are had that a delivery names. */
export interface KeySource {
  /** Answers each delivery; rejects with `usage` only, where a setting that the provider asks for was not given. */
  keysFor(needed: KeyNeeded): Promise<KeyOutcome>
}

export interface KeySourceOptions {
  /** @default one that reaches public addresses only */
  readonly fetch?: Service | undefined
  /** What a provider wants to know before it tells a key, such as Plaid's `client_id` and `secret`. @default none */
  readonly config?: Readonly<Record<string, string>> | undefined
  /** How long a key is believed. @default 600,000 */
  readonly maxAgeMs?: number | undefined
  /** @default 100 */
  readonly maxEntries?: number | undefined
  /** After a failure, or for a key that a set does not have, nothing is asked again for so long. @default 30,000 */
  readonly coolDownMs?: number | undefined
  /** How often, within `coolDownMs`, it asks for addresses and ids that brought no key before. @default 10 */
  readonly maxNew?: number | undefined
  /** A larger answer is not read. @default 64 KiB */
  readonly maxBytes?: number | undefined
  /** @default 5,000 */
  readonly timeoutMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/** What is known of one address, or of one id at it. */
interface Entry {
  /** The newest keys that were had. */
  good?: { readonly keys: FetchedKeys; readonly atMs: number }
  /** How the last try ended, where it did not bring any. */
  failure?: KeyOutcome
  triedAtMs: number
  flight?: Promise<void>
}

/**
 * Makes a source of certificates and JSON Web Keys. It asks only the provider's own addresses, follows no redirect,
 * keeps what it got, and asks once for all who wait. Strangers cannot make it ask more than now and then.
 *
 * @example
 * const keys = createKeySource({ config: { client_id, secret } })
 */
export function createKeySource(options: KeySourceOptions = {}): KeySource {
  const { clock = systemClock, fetch = guardedFetch({ clock }), config = {} } = options
  const { maxAgeMs = 600_000, maxEntries = 100, coolDownMs = 30_000, maxNew = 10 } = options
  const { maxBytes = 2 ** 16, timeoutMs = 5_000 } = options
  const entries = new Map<string, Entry>()
  let strangersAtMs: readonly number[] = []

  /** Keeps an entry as the newest. The oldest that never brought a key goes first. */
  function keep(name: string, entry: Entry): void {
    entries.delete(name)
    if (entries.size >= maxEntries) {
      const worthless = [...entries].find(([, { good, flight }]) => good === undefined && flight === undefined)
      entries.delete(worthless?.[0] ?? (entries.keys().next().value as string))
    }
    entries.set(name, entry)
  }

  /** What is known now; undefined when it must be asked for. */
  function known({ good, failure, triedAtMs }: Entry, kid: string | undefined): KeyOutcome | undefined {
    const nowMs = clock.monotonic()
    const isRecent = nowMs - triedAtMs <= coolDownMs
    const keys = good !== undefined && nowMs - good.atMs < maxAgeMs ? good.keys.of(kid) : undefined
    if (keys !== undefined && keys.length > 0) return { ok: true, keys }
    if (!isRecent) return undefined
    return failure ?? (keys && refuse('key_unknown', 'the provider has no key of this id'))
  }

  /** What has brought keys before may always be asked again; what strangers name only so often. */
  function mayAsk({ good }: Entry): boolean {
    if (good !== undefined) return true
    const nowMs = clock.monotonic()
    strangersAtMs = strangersAtMs.filter((atMs) => nowMs - atMs < coolDownMs)
    if (strangersAtMs.length >= maxNew) return false
    strangersAtMs = [...strangersAtMs, nowMs]
    return true
  }

  async function ask(entry: Entry, needed: KeyNeeded): Promise<void> {
    const result = await fetchKeys(needed, { fetch, clock, config, maxBytes, timeoutMs })
    entry.triedAtMs = clock.monotonic()
    if ('reason' in result) return void (entry.failure = { ok: false, ...result })
    entry.good = { keys: result, atMs: entry.triedAtMs }
    delete entry.failure
  }

  return {
    async keysFor(needed) {
      const { kind, kid, url, allowed } = needed
      if (allowedUrl(url, allowed) === undefined) return refuse('key_refused', "not one of the provider's addresses")
      if (kind !== 'x509-url' && !(kid !== undefined && plainId.test(kid))) return refuse('key_refused', 'no key id')

      const name = JSON.stringify([kind, url, kind === 'jwk' ? kid : ''])
      const entry = entries.get(name) ?? { triedAtMs: Number.NEGATIVE_INFINITY }
      const before = known(entry, kid)
      if (before === undefined && entry.flight === undefined) {
        if (!mayAsk(entry)) return { ...refuse('key_unavailable', 'too many keys are asked for'), code: 'too_many' }
        entry.flight = ask(entry, needed).finally(() => delete entry.flight)
      }
      keep(name, entry)
      if (before !== undefined) return before
      await entry.flight
      return known(entry, kid) ?? refuse('key_unavailable', 'no key')
    },
  }
}

const plainId = /^[\w.~+/=:-]{1,256}$/

function refuse(reason: KeyRefusal, detail: string): KeyOutcome & { ok: false } {
  return { ok: false, reason, detail }
}
