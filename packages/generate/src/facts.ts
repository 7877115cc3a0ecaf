import { type OpenAPI3, type PathItemObject, type ReferenceObject, type ServerObject } from 'openapi-typescript'

/** What a client must know of a document besides its types. */
export interface Facts {
  /** The first server. Undefined where it is relative: only the caller knows then. */
  readonly baseUrl: string | undefined
  /** Every body of the document is a form. */
  readonly formBodies: boolean
  /** Names of query parameters that are written with brackets. */
  readonly deepNames: readonly string[]
  /** A call to show, such as `GET('/v1/customers')`. */
  readonly example: string
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

export function factsOf(document: OpenAPI3): Facts {
  const items = Object.entries(document.paths ?? {}) as [string, PathItemObject][]
  const operations = items.flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = followed(document, item[method])
      return operation === undefined ? [] : [{ path, method, item, operation }]
    }),
  )
  const bodies = operations.flatMap(({ operation }) => {
    const body = followed(document, operation.requestBody)
    return body === undefined ? [] : [Object.keys(body.content)]
  })
  const parameters = operations.flatMap(({ item, operation }) =>
    [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => followed(document, one)),
  )
  const deepNames = parameters.flatMap((one) => (one?.in === 'query' && one.style === 'deepObject' ? [one.name] : []))
  const shown = operations.find(({ path, method }) => method === 'get' && !path.includes('{')) ?? operations[0]
  return {
    baseUrl: addressOf(document.servers?.[0]),
    formBodies: bodies.length > 0 && bodies.every((types) => types.every(isForm)),
    deepNames: [...new Set(deepNames)].toSorted((a, b) => (a < b ? -1 : 1)),
    example: shown === undefined ? "GET('/')" : `${shown.method.toUpperCase()}('${shown.path}')`,
  }
}

const isForm = (type: string) => type.startsWith('application/x-www-form-urlencoded')

function addressOf(server: ServerObject | undefined): string | undefined {
  if (server === undefined) return undefined
  const url = server.url.replaceAll(/\{([^}]+)\}/g, (_, name: string) => server.variables?.[name]?.default ?? '')
  return /^https?:\/\//.test(url) ? url.replace(/\/$/, '') : undefined
}

/** The object itself, or what its `$ref` inside the document leads to. */
function followed<T extends object | undefined>(document: OpenAPI3, value: T): Exclude<T, ReferenceObject> | undefined {
  let at: unknown = value
  for (let hops = 0; hops < 20 && typeof at === 'object' && at !== null && '$ref' in at; hops++) {
    const names = String(at.$ref).split('/').slice(1).map(unescaped)
    at = names.reduce<unknown>((parent, name) => (parent as Record<string, unknown> | undefined)?.[name], document)
  }
  return at as Exclude<T, ReferenceObject> | undefined
}

const unescaped = (name: string) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
