import { createRequire } from 'node:module'
import { textOf } from '../core/body.ts'
import { lightResponse } from '../core/light.ts'
import { type Service } from '../core/service.ts'
import { loadPeer } from './peer.ts'
import { loadOperations } from './prism-load.ts'

export interface PrismOptions {
  /** Makes answers up from the schemas instead of taking the examples. @default false */
  readonly dynamic?: boolean | undefined
  /** How long Prism may take to load the document; some it never finishes. @default 60,000 */
  readonly loadTimeoutMs?: number | undefined
}

/** What we use of Prism 5, whose packages are typed for other settings than ours. */
interface Prism {
  request(
    input: object,
    operations: readonly unknown[],
    config: object,
  ): () => Promise<Either<PrismProblem, PrismOutput>>
}
type Either<Left, Right> = { _tag: 'Left'; left: Left } | { _tag: 'Right'; right: Right }
type PrismProblem = Error & {
  status?: number
  detail?: string
  additional?: { headers?: Record<string, string>; [name: string]: unknown }
}
interface PrismOutput {
  readonly output: { readonly statusCode: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  readonly validations: { readonly input: readonly Violation[]; readonly output: readonly Violation[] }
}
interface Violation {
  readonly path?: readonly string[]
  readonly severity: number
  readonly code: string | number
  readonly message: string
}

const severities = ['Error', 'Warning', 'Information', 'Hint']

/**
 * Prism as a service, in this process and without a port: the second engine, to be put behind the same
 * faults and to be compared with. It keeps no state and validates as its command line does.
 *
 * Rejects with `environment` where Prism is not installed, with `document_unreadable` or
 * `document_malformed` where it cannot load the document, and with `document_unsupported` where it takes too long.
 */
export async function prismService(documentPath: string, options: PrismOptions = {}): Promise<Service> {
  const { dynamic = false, loadTimeoutMs = 60_000 } = options
  const prism = await loadPeer('@stoplight/prism-cli', async () => library())
  const operations = await loadOperations(prism.path, documentPath, loadTimeoutMs)
  const mock = { dynamic }
  const config = {
    mock,
    isProxy: false,
    validateRequest: true,
    validateResponse: true,
    checkSecurity: true,
    errors: false,
  }
  const instance = prism.createInstance(config, { logger: silent })

  return async (request) => {
    const input = await inputOf(request)
    const wished = prism.getHttpConfigFromRequest(input) // by the Prefer header
    if (wished._tag === 'Left') return problemResponse(wished.left)
    const result = await instance.request(input, operations, {
      ...config,
      mock: { ...mock, ...defined(wished.right) },
    })()
    return result._tag === 'Left' ? problemResponse(result.left) : responseOf(result.right, prism.serialize)
  }
}

interface Library {
  readonly path: string
  createInstance(config: object, components: object): Prism
  serialize(this: void, body: unknown, type?: string): string | undefined
  getHttpConfigFromRequest(input: object): Either<PrismProblem, object>
}

/** The packages below the command line's, which need not be within our own reach. */
function library(): Library {
  const fromCli = createRequire(createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json'))
  const fromServer = createRequire(fromCli.resolve('@stoplight/prism-http-server'))
  return {
    path: fromCli.resolve('@stoplight/prism-http'),
    ...fromCli('@stoplight/prism-http'),
    ...fromServer('./serialize'),
    ...fromServer('./getHttpConfigFromRequest'),
  }
}

/** What Prism calls a request, as its own server makes it. */
async function inputOf(request: Request): Promise<object> {
  const { pathname, searchParams } = new URL(request.url)
  const query = Object.fromEntries(
    [...searchParams.keys()]
      .map((name) => [name, searchParams.getAll(name)] as const)
      .map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
  const headers = Object.fromEntries(request.headers)
  const text = request.body === null ? null : await textOf(request)
  const isJson = /^application\/(?:[^;]*\+)?json\b/i.test(headers['content-type'] ?? '')
  return {
    method: request.method.toLowerCase(),
    url: { path: pathname, query },
    headers,
    body: isJson && text !== null ? jsonOf(text) : text,
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // which no schema of an object allows
  }
}

function responseOf({ output, validations }: PrismOutput, serialize: Library['serialize']): Response {
  const { statusCode: status, body } = output
  const headers = new Headers(output.headers)
  const violations = [...validations.input.map(told('request')), ...validations.output.map(told('response'))]
  if (violations.length > 0) headers.set('sl-violations', JSON.stringify(violations).slice(0, 8_000))
  const text =
    status === 204 || status === 205 || status === 304
      ? null
      : (serialize(body, headers.get('content-type') ?? undefined) ?? null)
  return lightResponse(text, { status, headers })
}

function problemResponse(error: PrismProblem): Response {
  const { status = 500, message: title, detail = '', name: type, additional = {} } = error
  const { headers, ...more } = additional
  const body = JSON.stringify({ type, title, status, detail, ...more })
  return lightResponse(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } })
}

function told(where: string) {
  return ({ path = [], severity, code, message }: Violation) => ({
    location: [where, ...path],
    severity: severities[severity],
    code,
    message,
  })
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

const silent = Object.assign(
  Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'success'].map((level) => [level, () => {}])),
  { child: () => silent },
)
