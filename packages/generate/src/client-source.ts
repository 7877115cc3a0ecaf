import { type OpenAPI3 } from 'openapi-typescript'
import { factsOf } from './facts.ts'

/** The text of a typed client for a document whose types are in `<name>.d.ts`. */
export function clientSource(name: string, document: OpenAPI3): string {
  const { baseUrl, formBodies, deepNames, example } = factsOf(document)
  const type = name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const brackets = formBodies || deepNames.length > 0
  return `import { type ClientOptions, createClient } from 'goodfence/clients'
import createFetchClient from 'openapi-fetch'
import type { paths } from './${name}.d.ts'

export interface ${type}ClientOptions extends ClientOptions {
  /** Where the provider is. ${baseUrl === undefined ? '' : `@default ${comment(quoted(baseUrl))} `}*/
  readonly baseUrl${baseUrl === undefined ? ': string' : '?: string | undefined'}
}

/**
 * Makes typed calls to ${comment(document.info.title)}, behind all of goodfence's layers. The service below them is \`service\`.
 *
 * @example
 * const ${camel(type)} = create${type}Client(${baseUrl === undefined ? "{ baseUrl: 'https://…' }" : ''})
 * const { data, error } = await ${camel(type)}.${comment(example)}
 */
export function create${type}Client(options: ${type}ClientOptions${baseUrl === undefined ? '' : ' = {}'}) {
  const { baseUrl${baseUrl === undefined ? '' : ` = ${quoted(baseUrl)}`}, ...layers } = options
  const service = createClient(layers)
  const calls = createFetchClient<paths>({
    baseUrl,
    ${formBodies ? formOptions : 'fetch: (request) => service(request),'}${deepNames.length > 0 ? '\n    querySerializer: queryOf,' : ''}
  })
  return Object.assign(calls, { service })
}
${deepNames.length > 0 ? queryOf(deepNames) : ''}${brackets ? formOf : ''}`
}

const formOptions = `headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    bodySerializer: formOf,
    fetch(request) {
      if (request.body === null) request.headers.delete('Content-Type')
      return service(request)
    },`

const queryOf = (deepNames: readonly string[]) => `
const deepNames = new Set([${deepNames.map(quoted).join(', ')}])

/** Repeats the name for each item of a list, except where the document asks for brackets. */
function queryOf(query: Record<string, unknown>): string {
  return Object.entries(query)
    .flatMap(([name, value]) =>
      Array.isArray(value) && !deepNames.has(name)
        ? value.map((item: unknown) => formOf({ [name]: item }))
        : formOf({ [name]: value }),
    )
    .filter((text) => text !== '')
    .join('&')
}
`

const formOf = `
/** Writes nested values as \`a[b][0]=c\`. */
function formOf(fields: unknown): string {
  return pairsOf('', fields)
    .map(([name, value]) => \`\${encodeURIComponent(name)}=\${encodeURIComponent(value)}\`)
    .join('&')
}

function pairsOf(name: string, value: unknown): [string, string][] {
  if (value === undefined) return []
  if (value === null) return [[name, '']]
  if (typeof value !== 'object') return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, part]) => pairsOf(name === '' ? key : \`\${name}[\${key}]\`, part))
}
`

/** A string literal: a document is not trusted to be free of quotes and line ends. */
const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
const comment = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')
const camel = (type: string) => type.charAt(0).toLowerCase() + type.slice(1)
