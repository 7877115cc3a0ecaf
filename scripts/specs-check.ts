/**
 * Proves that each of our slices is a part of the provider's official document, in words of its own.
 *
 * The official documents are not in the repository. `GOODFENCE_OFFICIAL_SPECS` names the folder that holds
 * them as `<provider>.yaml` or `<provider>.json`; without it nothing is compared.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { manifests } from '../src/providers/manifests.ts'
import { type Document } from './specs/document.ts'
import { borrowedWords } from './specs/own-words.ts'
import { compareDocuments } from './specs/subset.ts'

const specs = join(import.meta.dirname, '../specs')

/** Compares every slice and returns the exit code. */
export function specsCheck(folder: string | undefined, print: (line: string) => void): number {
  if (folder === undefined || folder === '') {
    print('specs:check skipped: set GOODFENCE_OFFICIAL_SPECS to the folder that holds the official documents.')
    return 0
  }
  let failed = false
  for (const { name, document } of manifests) {
    try {
      const slice = read(join(specs, document))
      const official = readOfficial(folder, name)
      const { operations, differences } = compareDocuments(slice, official)
      const borrowed = borrowedWords(slice, official)
      for (const { at, message } of [...differences, ...borrowed]) print(`${document}: ${at}: ${message}`)
      if (differences.length + borrowed.length > 0) failed = true
      print(`${document}: ${operations} operations, ${differences.length} differences from the official document.`)
    } catch (error) {
      failed = true
      print(`${document}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return failed ? 1 : 0
}

function readOfficial(folder: string, name: string): Document {
  for (const extension of ['yaml', 'json']) {
    const path = join(folder, `${name}.${extension}`)
    try {
      return read(path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  throw new Error(
    `There is neither ${name}.yaml nor ${name}.json in ${folder}. GOODFENCE_OFFICIAL_SPECS names that folder.`,
  )
}

function read(path: string): Document {
  const document = load(readFileSync(path, 'utf8'), { filename: path })
  if (typeof document === 'object' && document !== null && 'paths' in document) return document as Document
  throw new Error(`${path} is no OpenAPI document: it has no paths.`)
}

if (import.meta.main) {
  process.exitCode = specsCheck(process.env['GOODFENCE_OFFICIAL_SPECS'], (line) => process.stdout.write(`${line}\n`))
}
