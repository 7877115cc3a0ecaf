import { BaseResolver, bundle, createConfig } from '@redocly/openapi-core'
import { type OpenAPI3 } from 'openapi-typescript'

/**
 * Reads a document with all the files it refers to, as one.
 *
 * Rejects, naming the file, when it cannot be read, is no OpenAPI 3, or refers to another machine.
 */
export async function bundled(path: string): Promise<OpenAPI3> {
  const config = await createConfig({ resolve: { doNotResolveExamples: true } })
  const resolver = new BaseResolver({ http: { headers: [], customFetch: refuse } })
  try {
    const result = await bundle({ ref: path, config, externalRefResolver: resolver })
    const problem = result.problems.find(({ severity }) => severity === 'error')
    if (problem !== undefined) throw new Error(`${problem.message} At ${problem.location[0]?.pointer ?? '#'}.`)
    const document: unknown = result.bundle.parsed
    if (!isOpenAPI3(document)) throw new Error('It is no OpenAPI 3 document. Convert it, or name another file.')
    return document
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Cannot generate from ${path}: ${reason}`, { cause: error })
  }
}

function refuse(url: string): Promise<never> {
  return Promise.reject(new Error(`it refers to ${url}, and nothing is fetched. Store that document beside this one.`))
}

function isOpenAPI3(value: unknown): value is OpenAPI3 {
  if (typeof value !== 'object' || value === null) return false
  const { openapi, info } = value as Partial<OpenAPI3>
  return typeof openapi === 'string' && openapi.startsWith('3.') && typeof info?.title === 'string'
}
