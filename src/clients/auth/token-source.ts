import { type Clock, systemClock } from '../../core/clock.ts'

/** A token as the authorization server gave it. */
export interface Grant {
  readonly token: string
  readonly lifetimeMs: number
}

export interface TokenSourceOptions {
  /** Asks the authorization server. */
  readonly fetchToken: () => Promise<Grant>
  /** A new token is asked for so long before the old one ends; never more than half of its life. @default 60,000 */
  readonly leewayMs?: number | undefined
  /** After a failure the server is left alone for so long, while the old token still lives. @default 5,000 */
  readonly backOffMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/** Keeps one token for everybody, and has at most one request for the next one under way. */
export interface TokenSource {
  /** The present token at once, or a promise of the next one. */
  get(): string | Promise<string>
  /** The provider refused this token. Forgets it, unless another has taken its place already. */
  refuse(token: string): void
}

/** Makes a source without a token: the first who asks has it fetched. A failure is told to those who waited, and not kept. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { fetchToken, leewayMs = 60_000, backOffMs = 5_000, clock = systemClock } = options
  let held: { readonly token: string; readonly renewAtMs: number; readonly endsAtMs: number } | undefined
  let underWay: Promise<string> | undefined
  let notBeforeMs = -Infinity

  async function renew(): Promise<string> {
    const askedAtMs = clock.monotonic() // the token's life began no earlier
    try {
      const { token, lifetimeMs } = await fetchToken()
      const endsAtMs = askedAtMs + lifetimeMs
      held = { token, endsAtMs, renewAtMs: endsAtMs - Math.min(leewayMs, lifetimeMs / 2) }
      return token
    } catch (error) {
      notBeforeMs = clock.monotonic() + backOffMs
      throw error
    } finally {
      underWay = undefined
    }
  }

  return {
    get() {
      const nowMs = clock.monotonic()
      if (held !== undefined && nowMs < held.renewAtMs) return held.token
      const alive = held !== undefined && nowMs < held.endsAtMs
      if (underWay === undefined && !(alive && nowMs < notBeforeMs)) {
        underWay = renew()
        underWay.catch(() => {}) // told to those who wait; while the old token lives, that may be nobody
      }
      return alive ? (held as { token: string }).token : (underWay as Promise<string>)
    },
    refuse(token) {
      if (held?.token === token) held = undefined
    },
  }
}
