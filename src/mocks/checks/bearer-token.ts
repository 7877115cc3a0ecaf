import { type IssuedTokens } from '../oauth-tokens.ts'
import { type Refusal } from '../refusal.ts'

/**
 * What `requireAuth` asks of an API behind an OAuth server: a bearer token that was issued and is still
 * good. Refuses as RFC 6750 section 3.1 has it.
 */
export function bearerToken(tokens: IssuedTokens): (request: Request) => Refusal | undefined {
  return (request) => {
    const [, token] = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    if (token === undefined) return refusal('Bearer', 'A bearer token is missing.')
    const verdict = tokens.verify(token)
    if (verdict.ok) return undefined
    return refusal('Bearer error="invalid_token"', `The bearer token is ${verdict.reason}.`)
  }
}

function refusal(challenge: string, message: string): Refusal {
  return { status: 401, code: 'invalid_token', message, headers: { 'www-authenticate': challenge }, unexecuted: true }
}
