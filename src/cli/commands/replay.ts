import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { GoodfenceError } from '../../core/errors.ts'
import { failureText } from '../../reports/text.ts'
import { readBundle } from '../../scenarios/bundle.ts'
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
    const configFile = config ?? (bundle.config === undefined ? defaultConfig : resolve(dirname(file), bundle.config))
    using watchdog = createWatchdog()
    const loaded = await loadConfig(configFile, world.cwd)
    const { result, reproduced } = await replayBundle(bundle, loaded, { onRun: watchdog.heed })
    if (result.verdict !== 'holds') world.stdout.write(failureText(result, { colour: world.colour }))
    world.stdout.write(
      reproduced ? 'Broken as before.\n' : `Not broken as before: the verdict is now "${result.verdict}".\n`,
    )
    return result.verdict === 'holds' ? 0 : 1
  },
})

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
