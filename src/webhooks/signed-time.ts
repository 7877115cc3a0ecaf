import { type TimestampFacts } from '../providers/scheme.ts'
import { type Arrived } from './arrived.ts'
import { valueAt } from './parsed-body.ts'
import { rootNumber } from './root-number.ts'
import { type RejectReason } from './reject-reason.ts'

/** How old and how far ahead a delivery may be. */
export interface Tolerance {
  readonly nowMs: number
  /** @default the scheme's own */
  readonly toleranceMs?: number | null | undefined
  /** @default the scheme's own */
  readonly futureToleranceMs?: number | null | undefined
}

/** The text of a timestamp that stands outside the signature; empty where it does not. */
export function timestampText({ carrier, jsonType }: TimestampFacts, arrived: Arrived): string {
  if (jsonType !== 'number') return arrived.carried(carrier) ?? ''
  const digits = rootNumber(arrived.body, carrier.name.slice(1))
  if (digits !== undefined) return digits
  return typeof valueAt(arrived.json(), carrier.name) === 'number' ? (arrived.carried(carrier) ?? '') : ''
}

/** A moment as the provider writes it. */
export function carriedTime({ unit }: TimestampFacts, atMs: number): string {
  if (unit === 'iso8601') return new Date(atMs).toISOString()
  return String(unit === 's' ? Math.floor(atMs / 1000) : Math.floor(atMs))
}

/** Digits only: what follows a number is either signed along or a stranger's. */
export function timeOf({ unit }: TimestampFacts, text: string): number | undefined {
  if (unit === 'iso8601') {
    const atMs = /^\d{4}-\d\d-\d\dT[\d:.]{5,18}(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
    return Number.isNaN(atMs) ? undefined : atMs
  }
  if (!isDigits(text)) return undefined
  return unit === 's' ? Number(text) * 1000 : Number(text)
}

/** One to fifteen of them: more could not be told exactly. A loop, since a pattern costs several times as much. */
function isDigits(text: string): boolean {
  const { length } = text
  if (length === 0 || length > 15) return false
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

/** Why a delivery signed at a moment is not believed now; `undefined` when it is fresh. */
export function staleness(
  { unit, tolerancePastMs, toleranceFutureMs, notBefore }: TimestampFacts,
  signedAtMs: number,
  { nowMs, toleranceMs = tolerancePastMs, futureToleranceMs = toleranceFutureMs }: Tolerance,
): RejectReason | undefined {
  // Age counts in the unit that is carried, as the providers' own libraries count it.
  const ageMs = (unit === 's' ? Math.floor(nowMs / 1000) * 1000 : nowMs) - signedAtMs
  if (toleranceMs !== null && ageMs > toleranceMs) return 'too_old'
  if (notBefore !== undefined && signedAtMs < Date.parse(notBefore)) return 'too_old'
  if (futureToleranceMs !== null && -ageMs > futureToleranceMs) return 'too_new'
  return undefined
}
