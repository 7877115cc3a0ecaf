import { realTimers } from '../scenarios/patched-timers.ts'

/** How long what is still open may take to close by itself. */
const graceMs = 500

/** What the names that Node gives to open resources stand for, one and many. */
const words: Readonly<Record<string, readonly [string, string]>> = {
  TCPServerWrap: ['a listening server', 'listening servers'],
  TCPSocketWrap: ['an open connection', 'open connections'],
  TLSWrap: ['an open TLS connection', 'open TLS connections'],
  PipeWrap: ['a pipe', 'pipes'],
  Timeout: ['a timer', 'timers'],
  MessagePort: ['a worker thread', 'worker threads'],
  ProcessWrap: ['a child process', 'child processes'],
}

/**
 * Lets the process end with its code once all output is written. It does so by itself, unless an integration or its
 * configuration has left something open, such as a server or a pool: then what it is gets named, and is not waited for.
 *
 * `before` is what was open before any code of the user ran, from `process.getActiveResourcesInfo()`.
 */
export function endProcess(code: number, before: readonly string[]): void {
  process.exitCode = code
  // An integration that ends the process after its report must not change what that says.
  process.on('exit', () => void (process.exitCode = code))
  const overdue = realTimers.setTimeout(() => {
    const open = inWords(opened(before, process.getActiveResourcesInfo()))
    const wereOpen = open === undefined ? 'Something was still open' : `${open} still open`
    process.stderr.write(
      `goodfence: ${wereOpen}, so the process was ended. Close in stop() what an integration opens in start(); a configuration that is loaded opens nothing.\n`,
      () => process.stdout.write('', () => process.exit(code)),
    )
  }, graceMs)
  overdue.unref() // where nothing else is open the process has ended before
}

/** What is open now and was not before. */
function opened(before: readonly string[], now: readonly string[]): readonly string[] {
  const known = [...before]
  return now.filter((name) => {
    const at = known.indexOf(name)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}

/** Such as `2 listening servers and a timer were`. */
function inWords(names: readonly string[]): string | undefined {
  const counts = Map.groupBy(names, (name) => name)
  const list = [...counts].map(([name, { length }]) => {
    const [one, many] = words[name] ?? [`a ${name}`, `${name}s`]
    return length === 1 ? one : `${length} ${many}`
  })
  if (list.length === 0) return undefined
  return `${new Intl.ListFormat('en').format(list)} ${names.length === 1 ? 'was' : 'were'}`
}
