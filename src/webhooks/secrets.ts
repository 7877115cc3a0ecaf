import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'

/** One signing secret with what is known about it. */
export interface Secret {
  readonly value: string
  /** What the log calls it when it matches; never the secret itself. @default none */
  readonly id?: string
  /** Not believed before. @default at once */
  readonly notBefore?: Date
  /** Not believed from then on. @default as long as it is listed */
  readonly notAfter?: Date
}

/** Secrets that are good at the same time, newest first. */
export type SecretList = readonly (string | Secret)[]

/** What a source of secrets is told. */
export interface SecretAsk {
  /** Whose secrets are asked for, where the address of the delivery names an account; else empty. */
  readonly account: string
  readonly clock: Clock
}

/**
 * Where secrets come from. Asked for every delivery, so that they can be rotated without a restart; `undefined` for an
 * account that there is not. A promise is waited for.
 */
export type SecretSource = (ask: SecretAsk) => SecretList | undefined | Promise<SecretList | undefined>

/** A secret that is good now, as `verify` takes it, with its place in the list it came from. */
export interface ActiveSecret {
  readonly value: string
  readonly index: number
  readonly id?: string
}

/** Those of a list that are good at a moment. What nobody could call a secret never is, whenever it came into the list. */
export function activeSecrets(list: SecretList, nowMs: number, prefix?: string): readonly ActiveSecret[] {
  return list.flatMap((each, index): ActiveSecret[] => {
    if (faultOfEntry(each, prefix) !== undefined) return []
    if (typeof each === 'string') return [{ value: each, index }]
    const { value, id, notBefore, notAfter } = each
    const isGood = nowMs >= (notBefore?.getTime() ?? -Infinity) && nowMs < (notAfter?.getTime() ?? Infinity)
    return isGood ? [id === undefined ? { value, index } : { value, index, id }] : []
  })
}

/** Whether a secret is none. */
export function isBlank(secret: string): boolean {
  return secret.trim() === ''
}

/** What stands where a secret should, in examples, in unfilled templates, and in code that joined nothing to a text. */
const placeholder =
  /^(?:change[-_ ]?me|(?:(?:my|your|the|a|webhook|signing)[-_ ])*(?:secret|key|token|password)(?:[-_ ]?(?:here|key|value))?|password|example|default|dummy|placeholder|todo|tbd|fixme|foo|bar|undefined|null|nan|none|\[object object\]|x{3,}|0{3,}|\*{3,}|\.{3,}|<.*>|\$\{.*\}|\$[a-z_]+|\{\{.*\}\}|process\.env.*)$/i

/** Why a secret cannot be one; `undefined` when it can. */
export function faultOfSecret(secret: string, prefix = ''): string | undefined {
  if (isBlank(secret)) return 'is empty'
  const text = prefix !== '' && secret.startsWith(prefix) ? secret.slice(prefix.length) : secret
  if (isBlank(text)) return 'is a prefix without a secret'
  return placeholder.test(text.trim()) ? 'is a placeholder that nobody has replaced' : undefined
}

/** What somebody else's code listed may be anything. */
function faultOfEntry(entry: unknown, prefix: string | undefined): string | undefined {
  const value = typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : entry
  return typeof value === 'string' ? faultOfSecret(value, prefix) : 'is no text'
}

/** Throws `usage` for a list in which one could never be a secret, or none is. */
export function requireSecrets(list: SecretList, from: string, prefix?: string, mend = giveSecret): void {
  const faults = list.map((each) => faultOfEntry(each, prefix))
  const at = faults.findIndex((fault) => fault !== undefined)
  if (list.length > 0 && at < 0) return
  const what = list.length === 0 ? `${from} has no signing secret` : `Signing secret ${at + 1} of ${from} ${faults[at]}`
  throw new GoodfenceError('usage', `${what}, so anybody could sign: ${mend}.`, { mend })
}

const giveSecret =
  'give the signing secret that the provider shows for the endpoint, for example with fromEnv or fromFile'
