import { type Random } from '../core/random.ts'
import { holdRealWork } from './held-work.ts'
import { installClock } from './install-clock.ts'
import { type Way, installConsole, installFetch } from './install-fetch.ts'
import { installRandom } from './install-random.ts'
import { refuseHttp } from './refuse-http.ts'
import { type SubjectClock } from './subject-clock.ts'
import { type OnEscape, watchEscapes } from './watch-escapes.ts'

/** What of the process belongs to the run that is under way. */
export interface Surroundings {
  readonly clock: SubjectClock
  readonly way: Way
  readonly random: Random
  readonly onEscape: OnEscape
  readonly onConsole: (line: string) => void
}

/** The process, prepared for many runs one after the other. */
export interface Session extends Disposable {
  /** Hands the process to the next run. */
  enter(run: Surroundings): void
}

export interface SessionOptions {
  /** Whether the integration takes its time and its way out from the globals. */
  readonly globals: boolean
}

let last: Promise<void> = Promise.resolve()

/**
 * Takes over what a process has only once: its end, what nobody handles, and the console, and with `globals` its
 * timers and `fetch`. One session at a time; the next waits. Disposing of it gives everything back, also
 * when a run threw.
 */
export async function openSession({ globals }: SessionOptions): Promise<Session> {
  const before = last
  let release = () => {}
  last = new Promise((resolve) => (release = resolve))
  await before

  let run: Surroundings | undefined
  const current = (): Surroundings => {
    if (run === undefined) throw new Error('No scenario is running.')
    return run
  }
  const installed = new DisposableStack()
  installed.defer(release)
  try {
    installed.use(watchEscapes((kind, error) => run?.onEscape(kind, error)))
    installed.use(installConsole((line) => run?.onConsole(line)))
  } catch (error) {
    installed.dispose()
    throw error
  }
  let patched: Disposable | undefined
  return {
    enter(next) {
      run = next
      // From the first run on: before it there is no clock to ask.
      if (globals && patched === undefined) {
        patched = installed.use(patchGlobals(current))
      }
    },
    [Symbol.dispose]: () => installed.dispose(),
  }
}

function patchGlobals(current: () => Surroundings): Disposable {
  const stack = new DisposableStack()
  stack.use(installClock(() => current().clock))
  stack.use(holdRealWork(() => current().clock))
  stack.use(installRandom(() => current().random))
  stack.use(installFetch(() => current().way))
  stack.use(refuseHttp((request) => current().way.onEgress(request)))
  return stack
}
