import { type ApiDocument, type Operation, isNode } from '../openapi/model.ts'
import { type Refusal } from './refusal.ts'

/** Demands the credentials that an operation's `security` asks for. What they are is not looked at, only that they are there. */
export function demandedAuth(
  document: ApiDocument,
  operation: Operation,
  request: Request,
  query: string,
): Refusal | undefined {
  const { security } = operation
  if (security.length === 0) return undefined
  const isMet = security.some((demand) => Object.keys(demand).every((name) => isShown(document, name, request, query)))
  if (isMet) return undefined
  const names = [...new Set(security.flatMap((demand) => Object.keys(demand)))]
  const headers = { 'www-authenticate': challengeFor(document, names[0]) }
  return {
    status: 401,
    code: 'unauthorized',
    message: `Credentials are missing: ${names.join(' or ')}.`,
    headers,
    unexecuted: true,
  }
}

function schemeOf(document: ApiDocument, name: string): Readonly<Record<string, unknown>> {
  const components = isNode(document.raw['components']) ? document.raw['components'] : {}
  const schemes = isNode(components['securitySchemes']) ? components['securitySchemes'] : {}
  const scheme = document.references.follow(schemes[name])
  return isNode(scheme) ? scheme : {}
}

function isShown(document: ApiDocument, schemeName: string, { headers }: Request, query: string): boolean {
  const { type, scheme, in: place, name } = schemeOf(document, schemeName) as Record<string, string | undefined>
  const authorization = headers.get('authorization') ?? ''
  if (type === 'http') return new RegExp(`^${(scheme ?? '').replaceAll(/[^\w-]/g, '')}\\s+\\S`, 'i').test(authorization)
  if (type === 'oauth2' || type === 'openIdConnect') return /^bearer\s+\S/i.test(authorization)
  if (type !== 'apiKey' || name === undefined) return true // what cannot be seen in a request is taken as given
  if (place === 'query') return new URLSearchParams(query).has(name)
  if (place === 'cookie') return (headers.get('cookie') ?? '').split(/;\s*/).some((pair) => pair.startsWith(`${name}=`))
  return headers.has(name)
}

function challengeFor(document: ApiDocument, name: string | undefined): string {
  const { type, scheme } = schemeOf(document, name ?? '') as Record<string, string | undefined>
  return type === 'http' && scheme?.toLowerCase() === 'basic' ? 'Basic realm="api"' : 'Bearer realm="api"'
}
