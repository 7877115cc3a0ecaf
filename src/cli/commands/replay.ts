import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { GoodfenceError } from '../../core/errors.ts'
import { failureText } from '../../reports/text.ts'
import { type Bundle, readBundle } from '../../scenarios/bundle.ts'
import { replay as replayBundle } from '../../scenarios/replay.ts'
import { defineCommand } from '../command.ts'
import { defaultConfig, loadConfig } from '../load-config.ts'
import { createWatchdog } from '../watchdog.ts'

export const replay = defineCommand({
  name: 'replay',
  summary: 'Run the scenario of a bundle again',
  operands: '<bundle.json>',
  minOperands: 1,
  maxOperands: 1,
  options: {
    config: { type: 'text', value: 'FILE', help: 'Another configuration than the one the bundle names' },
  },
  notes: 'Exit codes: 1 it is broken as before; 0 it holds now.',
  async run({ config }, [path = ''], world) {
    const file = resolve(world.cwd, path)
    const bundle = readBundle(await read(file), file)
    const configFile = config ?? configOf(bundle, file)
    using watchdog = createWatchdog()
    const loaded = await loadConfig(configFile, world, watchdog)
    const { result, reproduced } = await replayBundle(bundle, loaded, { onRun: watchdog.heed })
    if (result.verdict !== 'holds') world.stdout.write(failureText(result, { colour: world.colour }))
    world.stdout.write(
      reproduced ? 'Broken as before.\n' : `Not broken as before: the verdict is now "${result.verdict}".\n`,
    )
    return result.verdict === 'holds' ? 0 : 1
  },
})

/** The configuration that a bundle names, from where the bundle lies: the two may have been moved apart. */
function configOf({ config }: Bundle, file: string): string {
  if (config === undefined) return defaultConfig
  const path = resolve(dirname(file), config)
  if (existsSync(path)) return path
  throw new GoodfenceError(
    'config_invalid',
    `The bundle ${file} names the configuration ${config}, seen from where the bundle lies, and ${path} does not exist. Name the right one with --config FILE.`,
    { path },
  )
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new GoodfenceError(
      'environment',
      `The bundle ${file} does not exist or cannot be read. \`goodfence test\` leaves bundles in .goodfence/.`,
      { mend: 'check the path' },
      { cause: error },
    )
  }
}
