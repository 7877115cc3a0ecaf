import { join, relative, resolve } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { tally } from '../../reports/result.ts'
import { bundleText } from '../../scenarios/bundle.ts'
import { runSuite } from '../../scenarios/suite.ts'
import { defineCommand } from '../command.ts'
import { defaultConfig, loadConfig } from '../load-config.ts'
import { progressLine } from '../progress.ts'
import { exitCodes } from '../run-cli.ts'
import { version } from '../version.ts'
import { createWatchdog } from '../watchdog.ts'
import { readReporters, reporterNames, writeReports, written } from '../write-reports.ts'

export const test = defineCommand({
  name: 'test',
  summary: 'Run failure scenarios against an integration',
  operands: '[config]',
  minOperands: 0,
  maxOperands: 1,
  options: {
    grep: { type: 'text', value: 'TEXT', help: 'Only scenarios whose name or subject contains this' },
    seed: { type: 'number', value: 'N', default: 1, help: 'Seed of everything drawn at random' },
    out: { type: 'text', value: 'DIR', default: '.goodfence', help: 'Where bundles and reports go' },
    reporter: {
      type: 'text',
      value: 'NAME',
      default: 'text',
      help: `${reporterNames.join(', ')}, or several with commas`,
    },
  },
  notes: `The configuration is ${defaultConfig} unless another is named. A broken scenario leaves a bundle for \`goodfence replay\`.`,
  async run({ grep, seed, out, reporter }, [config = defaultConfig], world) {
    const names = readReporters(reporter)
    const path = resolve(world.cwd, config)
    const folder = resolve(world.cwd, out)
    const progress = progressLine(world)
    using watchdog = createWatchdog()
    const loaded = await loadConfig(config, world, watchdog)
    const { report, bundles, startFailure } = await runSuite(loaded, {
      grep,
      seed,
      version,
      out,
      configPath: relative(folder, path),
      startedMs: systemClock.now(),
      signal: world.signal,
      onRun: watchdog.heed,
      onResult: ({ subject, name }, done, total) => progress.show(`${done}/${total} ${subject}: ${name}`),
    })
    progress.clear()
    for (const { name, bundle } of bundles) await written(join(folder, name), bundleText(bundle))
    await writeReports(report, names, folder, world)
    if (startFailure !== undefined) throw startFailure
    const { total, holds } = tally(report.results)
    if (total === 0) return exitCodes.nothing
    return holds === total && !world.signal.aborted ? exitCodes.held : exitCodes.broken
  },
})
