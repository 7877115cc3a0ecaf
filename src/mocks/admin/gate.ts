import { createHash, timingSafeEqual } from 'node:crypto'
import { type Layer } from '../../core/service.ts'
import { refuse } from './answers.ts'

/** `http://evil.example` may resolve to 127.0.0.1; what the browser then writes into Host still gives it away. */
const loopback = /^(?:localhost|(?:[^.]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** Lets only those in who ask for this machine by a name of its own, so that no page reaches it by DNS rebinding. */
export function allowHosts(names: readonly string[]): Layer {
  const allowed = new Set(names.map((name) => name.toLowerCase()))
  return (next) => async (request, context) => {
    const { hostname } = new URL(request.url)
    if (loopback.test(hostname) || allowed.has(hostname)) return next(request, context)
    return refuse(
      403,
      'host_refused',
      `The admin API does not answer to the host ${hostname}. Ask for localhost or 127.0.0.1, or allow the name where the server is started.`,
    )
  }
}

/** Keeps pages of other origins out, whatever they send. What is no browser sends neither header. */
export const sameOrigin: Layer = (next) => async (request, context) => {
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  const strange =
    (origin !== null && origin !== new URL(request.url).origin) || site === 'cross-site' || site === 'same-site'
  return strange
    ? refuse(403, 'origin_refused', 'The admin API does not answer to pages of other origins.')
    : next(request, context)
}

/** Demands `Authorization: Bearer` with the token, except for what is open to all. */
export function requireToken(token: string, isOpen: (request: Request) => boolean): Layer {
  const expected = digest(`Bearer ${token}`)
  const challenge = { 'www-authenticate': 'Bearer realm="goodfence admin"' }
  return (next) => async (request, context) => {
    const given = request.headers.get('authorization')
    if (isOpen(request) || (given !== null && timingSafeEqual(digest(given), expected))) return next(request, context)
    const what = given === null ? 'is missing' : 'is wrong'
    return refuse(
      401,
      'token_refused',
      `The token ${what}. Send "Authorization: Bearer <token>" with the token that was printed at start.`,
      challenge,
    )
  }
}

/** Demands that a body says it is JSON, which no page can send to another origin without asking first. */
export const jsonOnly: Layer = (next) => async (request, context) => {
  const isJson = /^application\/json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')
  if (request.body === null || isJson) return next(request, context)
  return refuse(415, 'content_type_refused', 'The admin API takes JSON alone. Send "Content-Type: application/json".')
}

/** Equal lengths, so that the comparison tells nothing about the token by its time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
