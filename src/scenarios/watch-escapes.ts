import { replacements } from './replacements.ts'
import { type Escaped } from './history.ts'

export type OnEscape = (kind: Escaped['kind'], error: unknown) => void

/**
 * Hears of what would end the process: rejections and exceptions that nobody handles, in place of whoever
 * heard of them before (Node would end the process, a test runner would fail the wrong test), and calls
 * that end it outright, which throw instead.
 */
export function watchEscapes(onEscape: OnEscape): Disposable {
  const installed = new DisposableStack()
  const heard = (kind: Escaped['kind']) => (error: unknown) => {
    if (!(error instanceof ProcessExit)) onEscape(kind, error) // an exit was told when it was called
  }
  installed.use(hearInstead('unhandledRejection', heard('unhandled rejection')))
  installed.use(hearInstead('uncaughtException', heard('uncaught exception')))
  installed.use(refuseExits((error) => onEscape('exit', error)))
  return installed
}

function hearInstead(
  event: 'unhandledRejection' | 'uncaughtException',
  listener: (error: unknown) => void,
): Disposable {
  const before = process.rawListeners(event) as ((error: unknown) => void)[]
  process.removeAllListeners(event)
  process.on(event, listener)
  return {
    [Symbol.dispose]() {
      process.off(event, listener)
      for (const other of before) process.on(event, other)
    },
  }
}

/** What a call that would end the process throws, so that the code after it does not run. */
class ProcessExit extends Error {
  override readonly name = 'ProcessExit'
}

function refuseExits(onExit: (error: ProcessExit) => void): Disposable {
  const { pid, kill } = process
  const replaced = replacements()
  const refuse = (call: string): never => {
    const error = new ProcessExit(`the integration called process.${call}`)
    onExit(error)
    throw error
  }
  for (const name of ['exit', 'reallyExit', 'abort'])
    replaced.replace(process, name, (code: number | string = '') => refuse(`${name}(${code})`))
  replaced.replace(process, 'kill', (target: number, signal?: string | number) =>
    target === pid && signal !== 0 ? refuse('kill(process.pid)') : kill.call(process, target, signal),
  )
  replaced.publish()
  return replaced
}
