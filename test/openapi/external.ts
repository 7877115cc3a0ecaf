import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A folder of documents that are not part of the repository, named by an environment variable. Unset
 * gives `undefined` and says so in one line; set but unreadable throws.
 */
export function externalFolder(variable: 'GOODFENCE_OFFICIAL_SPECS' | 'GOODFENCE_CONFORMANCE'): string | undefined {
  const folder = process.env[variable]
  if (folder === undefined || folder === '') {
    console.log(`skipped: ${variable} is not set, so the documents it names are not checked`)
    return undefined
  }
  readdirSync(folder)
  return folder
}

/** The files below a folder whose names fit. */
export function filesIn(folder: string, fits: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fits.test(name))
    .sort()
    .map((name) => join(folder, name))
}
