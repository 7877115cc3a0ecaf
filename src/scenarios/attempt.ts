import { isGoodfenceError } from '../core/errors.ts'
import { type Trouble } from './history.ts'
import { errorInWords } from './mask-secrets.ts'
import { realTimers } from './patched-timers.ts'
import { type RunClock } from './run-clock.ts'

/** What came of something that the subject must do for the run to make sense. */
export type Attempt<T> = { readonly value: T } | { readonly trouble: Trouble }

export interface AttemptOptions {
  readonly clock: RunClock
  readonly limitMs: number
  /** What must not show in words. */
  readonly secrets: Readonly<Record<string, string>>
}

const verbs: Record<Trouble['when'], string> = {
  start: 'starting',
  work: 'working',
  observe: 'being observed',
  stop: 'stopping',
}

/** Lets the subject do one thing, and tells in words when it throws, hangs or takes too long. Never rejects. */
export async function attempt<T>(
  when: Trouble['when'],
  { clock, limitMs, secrets }: AttemptOptions,
  work: () => Promise<T>,
): Promise<Attempt<T>> {
  const verb = verbs[when]
  let cancel = () => {}
  const limit = new Promise<'late'>((resolve) => (cancel = clock.after(limitMs, () => resolve('late'))))
  try {
    const result = await clock.run(async () => Promise.race([(async () => ({ value: await work() }))(), limit]))
    if (result !== 'late') return result
    return {
      trouble: {
        when,
        message: `The subject had not finished ${verb} after ${limitMs / 1000} seconds of its own time.`,
      },
    }
  } catch (error) {
    if (isGoodfenceError(error, 'clock_stuck'))
      return {
        trouble: {
          when,
          message: `The subject never finished ${verb}: it waits for something that does not come.`,
          error,
        },
      }
    const text = errorInWords(error, secrets)
    const end = /[.!?]$/.test(text) ? '' : '.'
    return { trouble: { when, message: `The subject threw while ${verb}: ${text}${end}`, error } }
  } finally {
    cancel()
  }
}

/** Whether work that virtual time could not finish succeeds within a real second. */
export async function succeedsInReality(work: Promise<unknown>): Promise<boolean> {
  const { setTimeout: real, clearTimeout: clear } = realTimers
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<boolean>((resolve) => (timer = real(resolve, 1_000, false)))
  const success = work.then(
    () => true,
    () => false,
  )
  const settled = await Promise.race([success, patience])
  clear(timer)
  return settled
}
