import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { type Config, defineConfig } from '../scenarios/define.ts'
import { type World } from './command.ts'
import { failurePlace } from './failure-place.ts'
import { exitCodes } from './run-cli.ts'
import { type Watchdog } from './watchdog.ts'

/** The configuration that is read when none is named. */
export const defaultConfig = 'goodfence.config.ts'

/** Loads what a configuration file exports. What is wrong with it is a `config_invalid` error. */
export async function loadConfig(path: string, { cwd, stderr }: World, watchdog: Watchdog): Promise<Config> {
  const file = resolve(cwd, path)
  if (!existsSync(file)) {
    throw invalid(
      file,
      `There is no configuration ${file}. Write one that says \`export default defineConfig({ provider, subject })\`, or name another file.`,
    )
  }
  watchdog.loading(file)
  try {
    const { default: config } = await imported(file, stderr)
    if (typeof config !== 'object' || config === null) {
      throw invalid(file, `The configuration ${file} needs \`export default defineConfig({ provider, subject })\`.`)
    }
    return defineConfig(config as Config)
  } catch (error) {
    if (isGoodfenceError(error) && error.message.includes(file)) throw error
    const place = failurePlace(error, file)
    if (isGoodfenceError(error)) throw invalid(file, `In the configuration ${file}${place}: ${error.message}`, error)
    const reason = error instanceof Error ? error.message : String(error)
    throw invalid(file, `The configuration ${file} threw while it was loaded${place}: ${reason}`, error)
  }
}

/**
 * Imports a file whose code may end the process, or leave it with nothing to wait for: neither may look as if everything
 * held, nor end with a code of Node's that means nothing here.
 */
async function imported(file: string, stderr: World['stderr']): Promise<{ readonly default?: unknown }> {
  const waiting = Promise.withResolvers<never>()
  const mend = 'A configuration only describes subjects: leave what they do to their start().'
  const onIdle = () =>
    waiting.reject(
      invalid(file, `The configuration ${file}, or what it imports, awaits something that never comes. ${mend}`),
    )
  const onExit = () => {
    stderr.write(
      `goodfence: The configuration ${file}, or what it imports, ended the process while it was loaded. ${mend}\n`,
    )
    process.exitCode = exitCodes.usage
  }
  process.once('beforeExit', onIdle)
  process.once('exit', onExit)
  try {
    return await Promise.race([import(pathToFileURL(file).href) as Promise<{ default?: unknown }>, waiting.promise])
  } finally {
    process.off('beforeExit', onIdle)
    process.off('exit', onExit)
  }
}

function invalid(path: string, message: string, cause?: unknown): GoodfenceError<'config_invalid'> {
  return new GoodfenceError('config_invalid', message, { path }, { cause })
}
