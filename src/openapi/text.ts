import { CORE_SCHEMA, YAMLException, load, mergeTag } from 'js-yaml'
import { GoodfenceError } from '../core/errors.ts'

/** YAML 1.2 as OpenAPI asks for (dates stay strings), with the merge keys that people use all the same. */
const yaml = CORE_SCHEMA.withTags(mergeTag)

/** Whether a text is JSON by its first character: anything else is read as YAML. */
export function looksLikeJson(text: string): boolean {
  return /^\uFEFF?\s*[{[]/.test(text)
}

/** Reads YAML or JSON. A syntax error is `document_malformed` with line and column. */
export function parseText(text: string, path: string): unknown {
  let jsonError: unknown
  if (looksLikeJson(text)) {
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ''))
    } catch (error) {
      jsonError = error // a flow mapping of YAML starts like JSON
    }
  }
  try {
    return load(text, { schema: yaml, maxDepth: 1_000, maxTotalMergeKeys: 1_000_000 })
  } catch (error) {
    if (path.endsWith('.json') && jsonError !== undefined) throw malformed(path, jsonPlace(text, jsonError), jsonError)
    throw malformed(path, yamlPlace(error), error)
  }
}

interface Place {
  readonly at: string
  readonly reason: string
}

function malformed(path: string, { at, reason }: Place, cause: unknown): GoodfenceError<'document_malformed'> {
  return new GoodfenceError(
    'document_malformed',
    `${path}${at}: ${reason}. Correct the syntax there; the file must be YAML or JSON.`,
    { path },
    { cause },
  )
}

function yamlPlace(error: unknown): Place {
  if (!(error instanceof YAMLException)) return { at: '', reason: String(error) }
  const { mark } = error
  return { at: mark === undefined ? '' : `:${mark.line + 1}:${mark.column + 1}`, reason: error.reason }
}

/** V8 names the position, or quotes what surrounds it; both lead to a line. */
function jsonPlace(text: string, error: unknown): Place {
  const message = error instanceof Error ? error.message : String(error)
  const position = /at position (\d+)/.exec(message)?.[1]
  const offset = position === undefined ? (message.includes('end of JSON') ? text.length : undefined) : Number(position)
  const reason = message.replace(/ in JSON at position.*$| \(line.*$/s, '')
  if (offset === undefined) return { at: '', reason }
  const before = text.slice(0, offset).split('\n')
  return { at: `:${before.length}:${(before.at(-1) as string).length + 1}`, reason }
}
