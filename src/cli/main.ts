#!/usr/bin/env node
import module from 'node:module'
import { join } from 'node:path'
import { defaultCacheFolder, privateFolder } from '../core/cache-folder.ts'
import { tooOld } from './node-version.ts'

const problem = tooOld(process.versions.node)
if (problem === undefined) await main()
else {
  process.stderr.write(`goodfence: ${problem}.\n`)
  process.exitCode = 2
}

async function main(): Promise<void> {
  // A reader that has seen enough, such as `head`, is no failure.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }

  const stop = new AbortController()
  const endGently = () => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      // Terminals and wrappers send a signal more than once: the second must not cut the ending short.
      process.on(name, () => stop.abort(name))
    }
  }

  // Compiled code is kept, which halves the start; where it cannot be, nothing else changes.
  const folder = privateFolder(join(defaultCacheFolder(), 'code'))
  if (folder !== undefined) module.enableCompileCache(folder)

  // Loaded only now: an older Node could not even read it.
  const { runCli } = await import('./run-cli.ts')
  const { endProcess } = await import('./end-process.ts')
  const open = process.getActiveResourcesInfo()
  const code = await runCli(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    signal: stop.signal,
    endGently,
  })
  endProcess(code, open)
}
