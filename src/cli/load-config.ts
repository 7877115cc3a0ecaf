import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { type Config, defineConfig } from '../scenarios/define.ts'

/** The configuration that is read when none is named. */
export const defaultConfig = 'goodfence.config.ts'

/** Loads what a configuration file exports. What is wrong with it is a `config_invalid` error. */
export async function loadConfig(path: string, cwd: string): Promise<Config> {
  const file = resolve(cwd, path)
  if (!existsSync(file)) {
    throw invalid(
      file,
      `There is no configuration ${file}. Write one that says \`export default defineConfig({ provider, subject })\`, or name another file.`,
    )
  }
  let exported: { readonly default?: unknown }
  try {
    exported = (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (error) {
    if (isGoodfenceError(error)) throw error
    throw invalid(
      file,
      `The configuration ${file} threw while it was loaded: ${error instanceof Error ? error.message : String(error)}`,
      error,
    )
  }
  const config = exported.default
  if (typeof config !== 'object' || config === null || !('provider' in config) || !('subject' in config)) {
    throw invalid(file, `The configuration ${file} needs \`export default defineConfig({ provider, subject })\`.`)
  }
  return defineConfig(config as Config)
}

function invalid(path: string, message: string, cause?: unknown): GoodfenceError<'config_invalid'> {
  return new GoodfenceError('config_invalid', message, { path }, { cause })
}
