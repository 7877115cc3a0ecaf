import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GoodfenceError } from '../core/errors.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { ctrfReport } from '../reports/ctrf.ts'
import { githubAnnotations, githubSummary } from '../reports/github.ts'
import { htmlReport } from '../reports/html.ts'
import { junitReport } from '../reports/junit.ts'
import { type Report } from '../reports/result.ts'
import { textReport } from '../reports/text.ts'
import { type World } from './command.ts'

/** Writes one kind of report: to the terminal, or to a file of the folder whose path it gives back. */
type Reporter = (report: Report, folder: string, world: World) => Promise<string | undefined>

const reporters = {
  text: async () => undefined, // the text is always told
  junit: (report, folder) => written(join(folder, 'junit.xml'), junitReport(report)),
  html: (report, folder) => written(join(folder, 'report.html'), htmlReport(report)),
  ctrf: (report, folder) => written(join(folder, 'ctrf.json'), `${JSON.stringify(ctrfReport(report), null, 2)}\n`),
  async github(report, _folder, world) {
    world.stdout.write(githubAnnotations(report))
    const summary = process.env['GITHUB_STEP_SUMMARY']
    if (summary !== undefined) await appendFile(summary, githubSummary(report))
    return undefined
  },
} satisfies Record<string, Reporter>

export type ReporterName = keyof typeof reporters
export const reporterNames = Object.keys(reporters) as readonly ReporterName[]

/** Reads `junit` or `junit,html`. */
export function readReporters(text: string): readonly ReporterName[] {
  return text.split(',').map((name) => {
    const known = reporterNames.find((candidate) => candidate === name)
    if (known !== undefined) return known
    throw new GoodfenceError('usage', `--reporter cannot be "${name}".${didYouMean(name, reporterNames)}`, {
      mend: reporterNames.join(', '),
    })
  })
}

/** Tells the report on the terminal and writes the files that were asked for. */
export async function writeReports(
  report: Report,
  names: readonly ReporterName[],
  folder: string,
  world: World,
): Promise<void> {
  world.stdout.write(textReport(report, { colour: world.colour }))
  for (const name of names) {
    const path = await reporters[name](report, folder, world)
    if (path !== undefined) world.stdout.write(`${path}\n`)
  }
}

/** Writes a file, making its folder. */
export async function written(path: string, text: string): Promise<string> {
  try {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
    return path
  } catch (error) {
    throw new GoodfenceError(
      'environment',
      `${path} cannot be written: ${(error as Error).message}. Choose another folder with --out.`,
      { mend: '--out DIR' },
      { cause: error },
    )
  }
}
