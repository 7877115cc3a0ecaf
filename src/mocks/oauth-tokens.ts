import { type Clock, systemClock } from '../core/clock.ts'
import { type Random, randomToken, systemRandom } from '../core/random.ts'

export interface IssuedTokensOptions {
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** @default chance that nobody can predict */
  readonly random?: Random | undefined
}

/** What a token stands for. */
export interface IssuedToken {
  readonly token: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
}

/** Whether a token is good, and why not. */
export type TokenVerdict =
  | { readonly ok: true; readonly token: IssuedToken }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'revoked' }

/** The opaque tokens that an OAuth server has issued, shared with who checks them. Knows nothing of HTTP. */
export interface IssuedTokens {
  issue(grant: {
    readonly clientId: string
    readonly scopes: readonly string[]
    readonly lifetimeMs: number
  }): IssuedToken
  verify(token: string): TokenVerdict
  /** Makes tokens bad before their time: one, or all of a client, or all there are. Says how many. */
  revoke(which?: { readonly token?: string | undefined; readonly clientId?: string | undefined }): number
  /** Every token issued since the start, in order, good or bad. */
  all(): readonly IssuedToken[]
  /** Forgets every token. */
  reset(): void
}

/** Makes an empty register of tokens. */
export function issuedTokens(options: IssuedTokensOptions = {}): IssuedTokens {
  const { clock = systemClock, random = systemRandom } = options
  const issued = new Map<string, { readonly token: IssuedToken; revoked: boolean }>()
  return {
    issue({ clientId, scopes, lifetimeMs }) {
      const token = { token: randomToken(random, 43), clientId, scopes, expiresAtMs: clock.now() + lifetimeMs }
      issued.set(token.token, { token, revoked: false })
      return token
    },
    verify(text) {
      const found = issued.get(text)
      if (found === undefined) return { ok: false, reason: 'unknown' }
      if (found.revoked) return { ok: false, reason: 'revoked' }
      return clock.now() < found.token.expiresAtMs ? { ok: true, token: found.token } : { ok: false, reason: 'expired' }
    },
    revoke(which = {}) {
      const struck = [...issued.values()].filter(
        ({ token, revoked }) =>
          !revoked &&
          (which.token === undefined || which.token === token.token) &&
          (which.clientId === undefined || which.clientId === token.clientId),
      )
      for (const each of struck) each.revoked = true
      return struck.length
    },
    all: () => [...issued.values()].map(({ token }) => token),
    reset: () => issued.clear(),
  }
}
