import { join, relative, resolve } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { duration } from '../../reports/step.ts'
import { failureText } from '../../reports/text.ts'
import { bundleText } from '../../scenarios/bundle.ts'
import { subjectsOf } from '../../scenarios/define.ts'
import { type Explored, explore as exploreSubject } from '../../scenarios/explore.ts'
import { makeBundle } from '../../scenarios/make-bundle.ts'
import { defineCommand } from '../command.ts'
import { defaultConfig, loadConfig } from '../load-config.ts'
import { progressLine } from '../progress.ts'
import { readDuration } from '../read-duration.ts'
import { exitCodes } from '../run-cli.ts'
import { version } from '../version.ts'
import { createWatchdog } from '../watchdog.ts'
import { written } from '../write-reports.ts'

export const explore = defineCommand({
  name: 'explore',
  summary: 'Search for the fault schedule that breaks an integration',
  operands: '[config]',
  minOperands: 0,
  maxOperands: 1,
  options: {
    budget: {
      type: 'text',
      value: 'TIME',
      default: '60s',
      help: 'How long to search in all, such as 500ms, 60s or 5m',
    },
    seed: { type: 'number', value: 'N', default: 1, help: 'Seed of everything drawn at random' },
    out: { type: 'text', value: 'DIR', default: '.goodfence', help: 'Where bundles go' },
  },
  notes: `The configuration is ${defaultConfig} unless another is named. Ends at the first schedule that breaks each
subject and leaves a bundle of it for \`goodfence replay\`.`,
  async run({ budget, seed, out }, [config = defaultConfig], world) {
    const budgetMs = readDuration('--budget', budget)
    const folder = resolve(world.cwd, out)
    const configPath = relative(folder, resolve(world.cwd, config))
    using watchdog = createWatchdog()
    const subjects = subjectsOf(await loadConfig(config, world, watchdog))
    const progress = progressLine(world)
    const endMs = systemClock.monotonic() + budgetMs
    let [tried, broken] = [0, 0]
    for (const [index, subject] of subjects.entries()) {
      if (subject.time === 'real') {
        world.stdout.write(`${subject.name} is not explored: it runs in real time, which allows too few schedules.\n`)
        continue
      }
      const beganMs = systemClock.monotonic()
      const explored = await exploreSubject({
        subject,
        seed,
        budgetMs: (endMs - beganMs) / (subjects.length - index), // what one leaves over is for the others
        signal: world.signal,
        onRun: watchdog.heed,
        onProgress: (schedules) => progress.show(`${subject.name}: ${schedules} schedules`),
      })
      progress.clear()
      tried += explored.schedules
      const { result, startFailure, broken: proof } = explored.found ?? {}
      if (startFailure !== undefined) throw startFailure
      const found = `${subject.name}: ${inWords(explored, seed, systemClock.monotonic() - beganMs)}\n`
      world.stdout.write(found)
      if (result === undefined) continue
      broken++
      const made = proof === undefined ? undefined : makeBundle(result, proof, { configPath, out, version })
      if (made !== undefined) await written(join(folder, made.name), bundleText(made.bundle))
      world.stdout.write(`\n${failureText(made?.result ?? result, { colour: world.colour })}\n`)
    }
    if (broken > 0 || world.signal.aborted) return exitCodes.broken
    return tried > 0 ? exitCodes.held : exitCodes.nothing
  },
})

function inWords({ schedules, exhaustedFaults, found }: Explored, seed: number, tookMs: number): string {
  const verdict = found?.result?.verdict
  const spent = `Seed ${seed}, ${duration(Math.round(tookMs))}.`
  if (schedules === 0) return `nothing ran. ${spent}`
  if (verdict !== undefined) return `${verdict} at schedule ${schedules}. ${spent}`
  const all = exhaustedFaults === undefined ? '' : ` Every schedule with ${faults(exhaustedFaults)} held.`
  return `${schedules} ${schedules === 1 ? 'schedule' : 'schedules'} held.${all} ${spent}`
}

function faults(most: number): string {
  return most === 0 ? 'no fault' : `at most ${most} ${most === 1 ? 'fault' : 'faults'}`
}
