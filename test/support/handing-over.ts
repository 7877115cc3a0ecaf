import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface HandingOver {
  readonly engine: 'pg-boss' | 'pg-boss-atomic' | 'bullmq'
  /** Of the engine's server. */
  readonly url: string
  /** The schema or the prefix in which the engine keeps its jobs. */
  readonly name: string
  /** When the first process dies. */
  readonly die: 'before' | 'within'
  readonly jobs: () => Promise<readonly unknown[]>
}

/** Has one event handed over by a process that dies, by one that does not, and by one that finds it done. */
export async function crashAndRepeat({ engine, url, name, die, jobs }: HandingOver) {
  const folder = mkdtempSync(join(tmpdir(), 'goodfence-handing-'))
  const run = async (count: number, die: string) => {
    await runProcess([engine, url, name, join(folder, 'inbox.db'), String(count), die])
    return (await jobs()).length
  }
  try {
    return {
      jobsAfterCrash: await run(0, die),
      jobsAfterRepeat: await run(1, 'never'),
      jobsAfterAnother: await run(2, 'never'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Ends when the process does; a process that was to die and lived, or to live and died, is an error. */
function runProcess(args: readonly string[]): Promise<void> {
  const expected = args.at(-1) === 'never' ? undefined : 'SIGKILL'
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(import.meta.dirname, 'handing-process.ts'), ...args], (error, _stdout, stderr) => {
      if ((error?.signal ?? undefined) === expected && (error === null || error.code === null)) resolve()
      else reject(new Error(`The process ended in another way than it was to: ${stderr}`, { cause: error }))
    })
  })
}
