import { type Clock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type SecretList, type SecretSource } from './secrets.ts'
import { within } from './within.ts'

export interface SecretStoreOptions {
  /** Secrets are taken as they are for so long. @default 60,000 */
  readonly freshMs?: number | undefined
  /** When the store fails they are taken for so long, counted from when they were got. @default 15 minutes */
  readonly staleMs?: number | undefined
  /** The store must have answered by then. @default 2,000 */
  readonly timeoutMs?: number | undefined
  /** Secrets of more accounts are not remembered. @default 10,000 */
  readonly maxAccounts?: number | undefined
}

interface Known {
  readonly secrets: SecretList
  readonly gotAtMs: number
  /** Until then they are taken as they are. */
  readonly goodUntilMs: number
}

/** More questions than this at a time are refused, so that made-up accounts cannot flood the store. */
const maxAsking = 64
/** A store that failed is left alone for so long. */
const restMs = 5_000

/**
 * Secrets from somewhere that answers later, such as a vault: asked once for each account at a time, remembered for a
 * while, and within a time limit. When it fails and nothing is remembered the delivery is answered with 503, and the
 * provider comes again.
 *
 * @example
 * const secrets = fromStore((account) => vault.read(`webhooks/${account}`))
 */
export function fromStore(
  load: (account: string) => Promise<SecretList | undefined>,
  options: SecretStoreOptions = {},
): SecretSource {
  const { freshMs = 60_000, staleMs = 900_000, timeoutMs = 2_000, maxAccounts = 10_000 } = options
  const known = new Map<string, Known>()
  const underWay = new Map<string, Promise<SecretList | undefined>>()
  const late = () =>
    new GoodfenceError('timeout', 'The store of secrets did not answer.', { timeoutMs, phase: 'attempt' })

  function remember(account: string, entry: Known): void {
    known.delete(account)
    if (known.size >= maxAccounts) known.delete(known.keys().next().value as string)
    known.set(account, entry)
  }

  async function ask(account: string, clock: Clock): Promise<SecretList | undefined> {
    try {
      const secrets = await within(clock, timeoutMs, Promise.try(load, account), late)
      const nowMs = clock.monotonic()
      if (secrets === undefined) known.delete(account)
      else remember(account, { secrets, gotAtMs: nowMs, goodUntilMs: nowMs + freshMs })
      return secrets
    } catch (error) {
      const last = known.get(account)
      const nowMs = clock.monotonic()
      if (last === undefined || nowMs - last.gotAtMs >= staleMs) throw error
      remember(account, { ...last, goodUntilMs: nowMs + restMs })
      return last.secrets
    } finally {
      underWay.delete(account)
    }
  }

  return ({ account, clock }) => {
    const last = known.get(account)
    if (last !== undefined && clock.monotonic() < last.goodUntilMs) return last.secrets
    const asked = underWay.get(account)
    if (asked !== undefined) return asked
    if (underWay.size >= maxAsking) {
      const isStale = last === undefined || clock.monotonic() - last.gotAtMs >= staleMs
      return isStale ? Promise.reject(late()) : last.secrets
    }
    const asking = ask(account, clock)
    underWay.set(account, asking)
    return asking
  }
}
