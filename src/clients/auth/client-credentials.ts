import * as oauth from 'oauth4webapi'
import { discard } from '../../core/body.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { signalOf } from '../../core/light.ts'
import { platformFetch } from '../../core/platform.ts'
import { type Layer, type Service } from '../../core/service.ts'
import { orAbort } from '../abortable.ts'
import { attemptTimeout } from '../layers/attempt-timeout.ts'
import { hasBody, replayable } from '../replay.ts'
import { createTokenSource, type Grant, type TokenSource } from './token-source.ts'

export interface ClientCredentialsOptions {
  /** The authorization server's token endpoint. `http:` only on this machine. */
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** How the secret is sent. @default 'basic' */
  readonly secretIn?: 'basic' | 'body' | undefined
  /** @default the server's own choice */
  readonly scope?: string | undefined
  /** More parameters of the token request, such as `audience`. @default none */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** What token requests go to. @default the global `fetch` of the moment */
  readonly fetch?: Service | undefined
  /** For one token request. @default 10,000 */
  readonly timeoutMs?: number | undefined
  /** A new token is asked for so long before the old one ends. @default 60,000 */
  readonly leewayMs?: number | undefined
  /** How long a token is used whose answer does not say. @default five minutes */
  readonly defaultLifetimeMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/** No answer can make a token live for longer. */
const maxLifetimeMs = 30 * 86_400_000

/**
 * Adds a token that it gets by OAuth's client credentials grant (RFC 6749 section 4.4).
 *
 * All calls share one token and one request for the next; a caller who gives up does not stop that for
 * the others. When the provider answers 401, the call is sent once more with another token. Rejects with
 * `token_unavailable`, and `token_unavailable` alone says nothing about the provider's health.
 */
export function clientCredentials(options: ClientCredentialsOptions): Layer {
  const { leewayMs, clock = systemClock } = options
  return tokenAuth(createTokenSource({ fetchToken: grantOf(options, clock), leewayMs, clock }))
}

/** Adds the present token of a source to each attempt, and tells the source when the provider refuses it. */
export function tokenAuth(source: TokenSource): Layer {
  return (next) => async (request, context) => {
    const signal = () => context?.signal ?? signalOf(request)
    const present = async () => {
      const token = source.get()
      return typeof token === 'string' ? token : orAbort(token, signal())
    }
    const replay = hasBody(request) ? await replayable(request) : undefined
    const send = (token: string) => {
      const attempt = replay?.take() ?? request
      attempt.headers.set('authorization', `Bearer ${token}`)
      return next(attempt, context)
    }
    const used = await present()
    const response = await send(used)
    if (response.status !== 401) return response

    source.refuse(used)
    let other: string
    try {
      other = await present()
    } catch {
      signal()?.throwIfAborted()
      return response // the provider's own word says more than that there is no other token
    }
    discard(response).catch(() => {}) // it may be broken already
    return send(other)
  }
}

function grantOf(options: ClientCredentialsOptions, clock: Clock): () => Promise<Grant> {
  const { tokenUrl, clientId, clientSecret, secretIn = 'basic', scope, parameters = {} } = options
  const { fetch = platformFetch, timeoutMs = 10_000, defaultLifetimeMs = 300_000 } = options
  const service = attemptTimeout({ timeoutMs, clock })(fetch)
  const server: oauth.AuthorizationServer = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl }
  const client: oauth.Client = { client_id: clientId }
  const proof = (secretIn === 'basic' ? oauth.ClientSecretBasic : oauth.ClientSecretPost)(clientSecret)
  const asked = { ...parameters, ...(scope === undefined ? {} : { scope }) }

  return async () => {
    let status: number | undefined
    try {
      // The whole grant is not held on a virtual clock: the token endpoint may itself wait for time to pass.
      const response = await oauth.clientCredentialsGrantRequest(server, client, proof, asked, {
        [oauth.allowInsecureRequests]: isLoopback(tokenUrl),
        [oauth.customFetch]: (url, init) => service(new Request(url, init)),
      })
      status = response.status
      const answer = await oauth.processClientCredentialsResponse(server, client, response)
      const lifetimeMs = answer.expires_in === undefined ? defaultLifetimeMs : answer.expires_in * 1_000
      return { token: answer.access_token, lifetimeMs: Math.min(lifetimeMs, maxLifetimeMs) }
    } catch (error) {
      throw unavailable(tokenUrl, status, error)
    }
  }
}

/** The error of a grant that failed. What the library's errors carry along may hold tokens, so none of it is kept. */
function unavailable(tokenUrl: string, status: number | undefined, error: unknown): GoodfenceError {
  const { origin, pathname } = new URL(tokenUrl)
  const code = error instanceof oauth.ResponseBodyError && /^[a-z_]{1,60}$/.test(error.error) ? ` ${error.error}` : ''
  const outcome = status === undefined ? 'gave no answer' : `answered ${status}${code}`
  const mend = status === undefined ? 'Check that it can be reached.' : 'Check the client id, its secret and the scope.'
  return new GoodfenceError(
    'token_unavailable',
    `No token: ${origin}${pathname} ${outcome}. ${mend}`,
    status === undefined ? {} : { status },
    status === undefined ? { cause: error } : {},
  )
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
}
