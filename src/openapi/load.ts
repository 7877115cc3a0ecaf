import { readFileSync } from 'node:fs'
import { GoodfenceError } from '../core/errors.ts'
import { bundle } from './bundle.ts'
import { type ParseCache, digestOf, parseCache } from './cache.ts'
import { readDocument } from './document.ts'
import { type ApiDocument, isNode } from './model.ts'
import { looksLikeJson, parseText } from './text.ts'

export interface LoadOptions {
  /** Where parsed YAML is kept between runs; `false` keeps nothing. @default goodfence below the user's cache folder */
  readonly cacheDir?: string | false | undefined
}

/** YAML below this size is parsed faster than it is looked up. */
const worthCachingBytes = 100_000

/**
 * Reads an OpenAPI document, with the files that it refers to, and indexes it. Nothing is compiled yet.
 *
 * Rejects with `document_unreadable`, `document_malformed` or `document_unsupported`; each names the
 * file, the place and the mend.
 *
 * @example
 * const document = await loadDocument('specs/stripe/openapi.yaml')
 * document.match('POST', '/v1/refunds')?.operation.name // 'POST /v1/refunds'
 */
export async function loadDocument(path: string, options: LoadOptions = {}): Promise<ApiDocument> {
  const { cacheDir } = options
  let cache: ParseCache | undefined
  const cacheOnce = () => (cacheDir === false ? undefined : (cache ??= parseCache(cacheDir)))
  const { value, mayRefer } = parseFile(path, undefined, cacheOnce)
  const isWhole = !mayRefer || !isNode(value)
  return readDocument(
    isWhole ? value : bundle(value, path, (file, from) => parseFile(file, from, cacheOnce).value),
    path,
  )
}

/** A reference whose value does not begin inside its own file. */
const foreignReference = /\$ref["']?\s*:\s*["']?[^\s"'#]/

interface ParsedFile {
  readonly value: unknown
  /** Whether it may refer to other files; a look at the text is cheaper than a walk through the value. */
  readonly mayRefer: boolean
}

function parseFile(
  path: string,
  referredFrom: string | undefined,
  cacheOnce: () => ParseCache | undefined,
): ParsedFile {
  const { text, digest } = readText(path, referredFrom)
  const cache = digest === undefined ? undefined : cacheOnce()
  const mayRefer = foreignReference.test(text)
  if (cache === undefined || digest === undefined) return { value: parseText(text, path), mayRefer }
  const kept = cache.get(digest)
  if (kept !== undefined) return { value: kept, mayRefer }
  const value = parseText(text, path)
  cache.put(digest, value)
  return { value, mayRefer }
}

/** A file's text, and its digest where it is worth keeping parsed. Its bytes are let go before the parser needs room. */
function readText(path: string, referredFrom: string | undefined): { text: string; digest: string | undefined } {
  const bytes = readBytes(path, referredFrom)
  const text = new TextDecoder().decode(bytes)
  const isCached = bytes.byteLength >= worthCachingBytes && !looksLikeJson(text)
  return { text, digest: isCached ? digestOf(bytes) : undefined }
}

function readBytes(path: string, referredFrom: string | undefined): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file. Check the path',
      EACCES: 'reading it is not permitted. Check its permissions',
      EISDIR: 'it is a directory. Name the file of the document in it',
    }
    const reason = reasons[code] ?? `it cannot be read (${code})`
    const from = referredFrom === undefined ? '' : `, to which ${referredFrom} refers`
    throw new GoodfenceError('document_unreadable', `${path}${from}: ${reason}.`, { path }, { cause: error })
  }
}
