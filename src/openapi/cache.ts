import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheFolder, privateFolder } from '../core/cache-folder.ts'

/** Parsed documents, kept on disk under the digest of their text. Reading never fails: what cannot be used is absent. */
export interface ParseCache {
  get(digest: string): unknown
  put(digest: string, value: unknown): void
}

/** Raised when what is stored changes its meaning. */
const format = 1

/** More documents than this are not kept; the oldest go first. */
const maxFiles = 64

/**
 * Opens a cache in a folder that only the user can write to; `undefined` where there can be none.
 *
 * A file is written aside and renamed, and carries the digest of its own content: a torn or altered
 * one counts as absent.
 */
export function parseCache(directory: string = defaultCacheFolder()): ParseCache | undefined {
  if (privateFolder(directory) === undefined) return undefined
  const fileOf = (digest: string) => join(directory, `${digest}.${format}.json`)

  return {
    get(digest) {
      try {
        const stored = readFileSync(fileOf(digest), 'utf8')
        const end = stored.indexOf('\n')
        const text = stored.slice(end + 1)
        return digestOf(text) === stored.slice(0, end) ? JSON.parse(text) : undefined
      } catch {
        return undefined
      }
    },
    put(digest, value) {
      const aside = `${fileOf(digest)}.${process.pid}`
      try {
        const text = JSON.stringify(value)
        // In two parts: joining them would copy megabytes.
        writeFileSync(aside, `${digestOf(text)}\n`, { mode: 0o600 })
        appendFileSync(aside, text)
        renameSync(aside, fileOf(digest))
        prune(directory)
      } catch {
        rmSync(aside, { force: true }) // a full disk, a read-only home: the document was parsed all the same
      }
    },
  }
}

/** The digest under which a text is kept. */
export function digestOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

function prune(directory: string): void {
  const files = readdirSync(directory).filter((name) => /^[0-9a-f]{64}\.\d+\.json/.test(name))
  if (files.length <= maxFiles) return
  const aged = files.map((name) => ({ path: join(directory, name), atMs: statSync(join(directory, name)).mtimeMs }))
  for (const { path } of aged.sort((a, b) => a.atMs - b.atMs).slice(0, files.length - maxFiles))
    rmSync(path, { force: true })
}
