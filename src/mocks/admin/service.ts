import { didYouMean } from '../../core/did-you-mean.ts'
import { pathOf } from '../../core/record.ts'
import { type Service, stack } from '../../core/service.ts'
import { type Mock } from '../mock.ts'
import { answer, refuse, refuseFor } from './answers.ts'
import { allowHosts, jsonOnly, requireToken, sameOrigin } from './gate.ts'
import { type Route, mockRoutes } from './routes.ts'

export interface AdminOptions {
  /** Who knows it may do everything. Sent as `Authorization: Bearer`. */
  readonly token: string
  /** Host names to answer to besides those of loopback. @default none */
  readonly hosts?: readonly string[] | undefined
}

/**
 * The admin API of running mocks, for a port of its own: reset, faults, journal, deliveries, actions.
 * `docs/admin-api.md` lists it.
 *
 * Paths mean the first mock, and any mock below `/mocks/{name}`. Answers only to loopback host names and
 * to no page of another origin, and wants the token.
 */
export function adminService(mocks: readonly Mock[], options: AdminOptions): Service {
  const { token, hosts = [] } = options
  const named = byName(mocks)
  const gates = [
    allowHosts(hosts),
    sameOrigin,
    requireToken(token, (request) => pathOf(request.url) === '/health'),
    jsonOnly,
  ]
  const ofAll: Record<string, () => Response> = {
    '/health': () => answer({ status: 'ok' }),
    '/mocks': () => answer({ mocks: [...named].map(([name, mock]) => overview(name, mock)) }),
  }
  return stack(...gates)(async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const handle = ofAll[pathname]
    if (handle !== undefined) return request.method === 'GET' ? handle() : notAllowed(request.method, ['GET'])
    const [, name, rest = pathname] = /^\/mocks\/([^/]+)(\/.*)$/.exec(pathname) ?? []
    const mock = name === undefined ? mocks[0] : named.get(decoded(name))
    if (mock === undefined)
      return refuse(404, 'unknown_mock', `There is no mock ${name ?? ''}.${didYouMean(name ?? '', [...named.keys()])}`)
    try {
      return await routed(mock, rest, name === undefined ? Object.keys(ofAll) : [], searchParams, request)
    } catch (error) {
      return refuseFor(error)
    }
  })
}

/** Mocks by name; the second of a name gets a number. */
function byName(mocks: readonly Mock[]): ReadonlyMap<string, Mock> {
  const named = new Map<string, Mock>()
  for (const mock of mocks) {
    let name = mock.name
    for (let count = 2; named.has(name); count++) name = `${mock.name}-${count}`
    named.set(name, mock)
  }
  return named
}

function overview(name: string, mock: Mock): object {
  const { document, journal, outbox, plan, requests } = mock
  const { title, version } = document
  return {
    name,
    title,
    version,
    requests,
    faults: plan.faults.length,
    entries: journal.entries().length,
    pendingDeliveries: outbox.pending,
  }
}

/** `others` are paths that are not the mock's, for the refusal of one that nobody has. */
async function routed(
  mock: Mock,
  path: string,
  others: readonly string[],
  query: URLSearchParams,
  request: Request,
): Promise<Response> {
  const there = mockRoutes.flatMap((route) => {
    const id = idIn(route.path, path)
    return id === undefined ? [] : [{ route, id }]
  })
  const asked = there.find(({ route }) => route.method === request.method)
  if (asked === undefined) {
    if (there.length > 0)
      return notAllowed(
        request.method,
        there.map(({ route }) => route.method),
      )
    const known = [...new Set([...others, ...mockRoutes.map((route) => route.path)])]
    return refuse(404, 'unknown_path', `The admin API has no ${path}.${didYouMean(path, known)}`)
  }
  const { route, id } = asked
  const unknown = unknownIn(query, route)
  if (unknown !== undefined)
    return refuse(
      400,
      'unknown_parameter',
      `${route.method} ${route.path} takes no parameter "${unknown}".${didYouMean(unknown, route.query ?? [])}`,
    )
  return route.handle(mock, { id, query, request })
}

/** What stands for `{id}`; empty where the route has none, undefined where the path is another. */
function idIn(template: string, path: string): string | undefined {
  const [before = '', after] = template.split('{id}')
  if (after === undefined) return path === template ? '' : undefined
  const id = path.slice(before.length, path.length - after.length)
  return path.startsWith(before) && path.endsWith(after) && id !== '' && !id.includes('/') ? decoded(id) : undefined
}

function unknownIn(query: URLSearchParams, { query: known = [] }: Route): string | undefined {
  return [...query.keys()].find((name) => !known.includes(name))
}

function notAllowed(method: string, allowed: readonly string[]): Response {
  return refuse(405, 'method_refused', `This path takes ${allowed.join(', ')}, not ${method}.`, {
    allow: allowed.join(', '),
  })
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
