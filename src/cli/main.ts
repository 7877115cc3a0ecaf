#!/usr/bin/env node
import { runCli } from './run-cli.ts'

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stop.abort(name))
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  signal: stop.signal,
})
