import { type Answer } from '../answer.ts'
import { type Parameters } from './same-parameters.ts'

/** One key and what became of its first request. */
export interface KeyEntry {
  /** Path of the first request, for the message to those who use the key elsewhere. */
  readonly path: string
  readonly request: Parameters
  /** None while the first request is still running. */
  readonly answer: { readonly answer: Answer; readonly summary: string | undefined } | undefined
}

/** Remembers keys for a time that counts from their first use. */
export interface KeyStore {
  find(key: string, nowMs: number): KeyEntry | undefined
  /** Takes a key that is free. */
  reserve(key: string, nowMs: number, first: Pick<KeyEntry, 'path' | 'request'>): Reservation
}

export interface Reservation {
  settle(answer: NonNullable<KeyEntry['answer']>): void
  /** Makes the key new again. */
  release(): void
}

/** Makes an empty store of keys. */
export function createKeyStore(retentionMs: number): KeyStore {
  const entries = new Map<string, KeyEntry & { readonly sinceMs: number }>()

  /** Entries stand in the order of their first use, so the expired ones stand in front. */
  function forgetExpired(nowMs: number): void {
    for (const [key, { sinceMs, answer }] of entries) {
      if (nowMs - sinceMs < retentionMs) return
      if (answer !== undefined) entries.delete(key)
    }
  }

  return {
    find(key, nowMs) {
      forgetExpired(nowMs)
      return entries.get(key)
    },
    reserve(key, nowMs, first) {
      const entry = { ...first, sinceMs: nowMs, answer: undefined }
      entries.set(key, entry)
      const isMine = () => entries.get(key) === entry
      return {
        settle(answer) {
          if (isMine()) entries.set(key, { ...entry, answer })
        },
        release() {
          if (isMine()) entries.delete(key)
        },
      }
    },
  }
}
