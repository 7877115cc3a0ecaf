import { createHash, timingSafeEqual } from 'node:crypto'
import { textOf } from '../core/body.ts'
import { isGoodfenceError } from '../core/errors.ts'
import { lightResponse } from '../core/light.ts'
import { type Layer } from '../core/service.ts'
import { type IssuedTokens } from './oauth-tokens.ts'

export interface OAuthClient {
  readonly id: string
  readonly secret: string
  /** What it may ask for. @default anything */
  readonly scopes?: readonly string[] | undefined
}

export interface OAuthServerOptions {
  readonly clients: readonly OAuthClient[]
  /** Where tokens are kept, for whoever checks them. */
  readonly tokens: IssuedTokens
  /** How long a token is good. @default 3,600,000 */
  readonly lifetimeMs?: number | undefined
  /** @default '/oauth/token' */
  readonly tokenPath?: string | undefined
  /** The server's name, and the base of its endpoints. @default the origin that was asked */
  readonly issuer?: string | undefined
}

const metadataPath = '/.well-known/oauth-authorization-server'
const maxBytes = 2 ** 16

/**
 * An OAuth server in front of an API: the client-credentials grant (RFC 6749 section 4.4) and the
 * metadata by which clients find it (RFC 8414). Everything else goes on to the API.
 *
 * Clients prove themselves by `client_secret_basic` or `client_secret_post`. Revoke through `tokens`.
 */
export function oauthServer(options: OAuthServerOptions): Layer {
  const { tokenPath = '/oauth/token', issuer } = options
  return (next) => async (request, context) => {
    const { origin, pathname } = new URL(request.url)
    if (pathname === tokenPath) return request.method === 'POST' ? tokenResponse(request, options) : notAllowed('POST')
    if (pathname !== metadataPath) return next(request, context)
    return request.method === 'GET' ? json(200, metadata(issuer ?? origin, tokenPath, options)) : notAllowed('GET')
  }
}

function metadata(issuer: string, tokenPath: string, { clients }: OAuthServerOptions): object {
  const scopes = [...new Set(clients.flatMap((client) => client.scopes ?? []))]
  return {
    issuer,
    token_endpoint: new URL(tokenPath, issuer).href,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: [], // required by RFC 8414 section 2, and there is no authorization endpoint
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
  }
}

/** A refusal as RFC 6749 section 5.2 has it. */
interface Refusal {
  readonly error: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope'
  readonly description: string
}

async function tokenResponse(request: Request, options: OAuthServerOptions): Promise<Response> {
  const { tokens, lifetimeMs = 3_600_000 } = options
  const form = await formOf(request)
  if ('error' in form) return refusalResponse(form, request)
  const client = authenticated(request, form.fields, options.clients)
  if ('error' in client) return refusalResponse(client, request)
  const scopes = grantedScopes(form.fields, client)
  if ('error' in scopes) return refusalResponse(scopes, request)
  const { token } = tokens.issue({ clientId: client.id, scopes: scopes.granted, lifetimeMs })
  return json(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: Math.floor(lifetimeMs / 1_000),
    ...(scopes.granted.length === 0 ? {} : { scope: scopes.granted.join(' ') }),
  })
}

async function formOf(request: Request): Promise<{ fields: ReadonlyMap<string, string> } | Refusal> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type))
    return { error: 'invalid_request', description: 'Send the parameters as application/x-www-form-urlencoded.' }
  let text: string
  try {
    text = await textOf(request, { maxBytes })
  } catch (error) {
    if (!isGoodfenceError(error, 'body_too_large')) throw error
    return { error: 'invalid_request', description: error.message }
  }
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) return { error: 'invalid_request', description: `${name} is given twice.` }
    if (value !== '') fields.set(name, value) // RFC 6749 section 3.2: without a value is as good as left out
  }
  return { fields }
}

type Fields = ReadonlyMap<string, string>

function authenticated(request: Request, fields: Fields, clients: readonly OAuthClient[]): OAuthClient | Refusal {
  const basic = basicCredentials(request)
  const posted = fields.get('client_secret')
  if (basic !== undefined && posted !== undefined)
    return {
      error: 'invalid_request',
      description: 'Prove who you are one way: by the Authorization header or in the body.',
    }
  const [id, secret] = basic ?? [fields.get('client_id'), posted]
  const client = clients.find((each) => each.id === id)
  const right = sameText(client?.secret ?? '', secret ?? '')
  if (client !== undefined && secret !== undefined && right) return client
  return { error: 'invalid_client', description: 'The client is unknown, or its secret is wrong.' }
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded before they are put together. */
function basicCredentials(request: Request): [string, string] | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : [formDecoded(text.slice(0, colon)), formDecoded(text.slice(colon + 1))]
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function grantedScopes(fields: Fields, client: OAuthClient): { readonly granted: readonly string[] } | Refusal {
  const grant = fields.get('grant_type')
  if (grant === undefined) return { error: 'invalid_request', description: 'grant_type is missing.' }
  if (grant !== 'client_credentials')
    return { error: 'unsupported_grant_type', description: 'There is client_credentials alone.' }
  const asked = fields
    .get('scope')
    ?.split(' ')
    .filter((scope) => scope !== '')
  const strange = asked?.find((scope) => client.scopes?.includes(scope) === false)
  if (strange !== undefined)
    return { error: 'invalid_scope', description: 'The client may not ask for every scope that it asks for.' }
  return { granted: asked ?? client.scopes ?? [] }
}

function refusalResponse({ error, description }: Refusal, request: Request): Response {
  const body = { error, error_description: description }
  if (error !== 'invalid_client') return json(400, body)
  return json(401, body, request.headers.has('authorization') ? { 'www-authenticate': 'Basic realm="oauth"' } : {})
}

function notAllowed(method: string): Response {
  return lightResponse(null, { status: 405, headers: { allow: method } })
}

/** Tokens are for nobody's cache (RFC 6749 section 5.1). */
function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  const fixed = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' }
  return lightResponse(JSON.stringify(body), { status, headers: { ...fixed, ...headers } })
}

/** Compares in a time that tells nothing about either. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
