import { type ScenarioResult } from '../reports/result.ts'
import { type Bundle, bundleName } from './bundle.ts'
import { type Checked } from './check.ts'

/** What a bundle says besides what broke. */
export interface BundleOptions {
  /** Path of the configuration. @default none */
  readonly configPath?: string | undefined
  /** Where bundles will be written, for the replay command. @default '.goodfence' */
  readonly out?: string | undefined
  /** What stands before the bundle's path in the replay command. @default 'npx goodfence replay' */
  readonly replayCommand?: string | undefined
  /** @default 'unknown' */
  readonly version?: string | undefined
}

/** A bundle with the name of its file. */
export interface NamedBundle {
  readonly name: string
  readonly bundle: Bundle
}

/** Makes the bundle of what broke, and tells the result how to replay it. */
export function makeBundle(
  result: ScenarioResult,
  { smallest, history, violations }: NonNullable<Checked['broken']>,
  options: BundleOptions = {},
): NamedBundle & { readonly result: ScenarioResult } {
  const { configPath, out = '.goodfence', replayCommand = 'npx goodfence replay', version = 'unknown' } = options
  const { provider, subject, name: scenario, seed } = result
  const name = bundleName({ subject, scenario })
  const path = `${out}/${name}`
  return {
    name,
    result: { ...result, bundle: path, replay: `${replayCommand} ${quoted(path)}` },
    bundle: {
      bundle: 1,
      versions: { goodfence: version, node: process.version },
      provider,
      subject,
      scenario,
      ...(configPath === undefined ? {} : { config: configPath }),
      seed,
      plan: smallest.plan,
      workload: smallest.workload,
      violations,
      history: history.entries,
    },
  }
}

/** A path as a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
