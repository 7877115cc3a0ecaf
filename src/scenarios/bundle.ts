import { createHash } from 'node:crypto'
import { type Entry } from '../core/journal.ts'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { slug } from '../core/slug.ts'
import { type FaultPlan, readPlan } from '../mocks/plan.ts'
import { type Violation } from '../reports/result.ts'
import { type Workload } from './workload.ts'
import { faultOfWorkload } from './workload-fault.ts'

/** Everything needed to see one broken scenario again, as plain JSON. */
export interface Bundle {
  /** Version of this format. */
  readonly bundle: 1
  readonly versions: { readonly goodfence: string; readonly node: string }
  readonly provider: string
  readonly subject: string
  readonly scenario: string
  /** The configuration that the subject came from, relative to where the command ran. */
  readonly config?: string
  readonly seed: number
  readonly plan: FaultPlan
  readonly workload: Workload
  readonly violations: readonly Violation[]
  readonly history: readonly Entry[]
}

/** A bundle as the text of its file. */
export function bundleText(bundle: Bundle): string {
  return `${JSON.stringify(bundle, null, 2)}\n`
}

/**
 * A file name that says which scenario and subject a bundle is about. Where they have more in their names than it can
 * hold, a hash tells them from others that would look the same.
 */
export function bundleName({ subject, scenario }: Pick<Bundle, 'subject' | 'scenario'>): string {
  const [subjectPart, scenarioPart] = [slug(subject, 80), slug(scenario, 80)]
  const isWhole = subject === subjectPart && scenario === scenarioPart.replaceAll('-', ' ')
  const hash = createHash('sha256')
    .update(JSON.stringify([subject, scenario]))
    .digest('hex')
  return `${subjectPart}--${scenarioPart}${isWhole ? '' : `-${hash.slice(0, 8)}`}.json`
}

/** Reads a bundle from its file's text. Throws `bundle_invalid`, which names the place and the mend. */
export function readBundle(text: string, path: string): Bundle {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalid(path, '', `is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  const bundle = objectAt(value, path, '')
  if (bundle['bundle'] !== 1)
    throw invalid(path, '/bundle', `is ${JSON.stringify(bundle['bundle'])}, but this version reads format 1`)
  for (const field of ['provider', 'subject', 'scenario']) textAt(bundle[field], path, `/${field}`)
  if (bundle['config'] !== undefined) textAt(bundle['config'], path, '/config')
  if (!Number.isSafeInteger(bundle['seed'])) throw invalid(path, '/seed', 'is not a whole number')
  for (const field of ['goodfence', 'node'])
    textAt(objectAt(bundle['versions'], path, '/versions')[field], path, `/versions/${field}`)
  for (const field of ['violations', 'history']) {
    if (!Array.isArray(bundle[field])) throw invalid(path, `/${field}`, 'is not a list')
  }
  const fault = faultOfWorkload(bundle['workload'])
  if (fault !== undefined) throw invalid(path, `/workload${fault.pointer}`, fault.problem)
  checkPlan(bundle['plan'], path)
  return bundle as unknown as Bundle
}

function checkPlan(plan: unknown, path: string): void {
  try {
    readPlan(plan, path)
  } catch (error) {
    if (!isGoodfenceError(error, 'plan_invalid')) throw error
    const { pointer } = error.facts
    const problem = error.message.replace(`${path}: ${pointer || 'the plan'} `, '')
    throw invalid(path, `/plan${pointer}`, problem, error)
  }
}

function objectAt(value: unknown, path: string, pointer: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw invalid(path, pointer, 'is not an object')
}

function textAt(value: unknown, path: string, pointer: string): void {
  if (typeof value !== 'string' || value === '') throw invalid(path, pointer, 'is not a text')
}

function invalid(path: string, pointer: string, problem: string, cause?: unknown): GoodfenceError<'bundle_invalid'> {
  const place = pointer === '' ? 'the file' : pointer
  const end = /[.?!]$/.test(problem) ? '' : '.'
  return new GoodfenceError(
    'bundle_invalid',
    `${path} is not a bundle that can be replayed: ${place} ${problem}${end} Take a file that "goodfence test" wrote, or run it again to write a new one.`,
    { path, ...(pointer === '' ? {} : { pointer }) },
    cause === undefined ? {} : { cause },
  )
}
