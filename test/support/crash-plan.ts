import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type InboxAddress } from './killable-inbox.ts'

/** What one process is to do, and where it dies. */
export interface CrashPlan {
  readonly address: InboxAddress
  /** `receive`: takes one delivery. `handle`: handles what is due. `replay`, `prune`: as they say. */
  readonly tasks: readonly ('receive' | 'handle' | 'replay' | 'prune')[]
  /** Dies when this step comes for the n-th time, counted from 1; none: lives to its end. */
  readonly dieAt?: { readonly step: string; readonly time: number }
  /** Stops itself, like a process that is suspended, when this step comes for the first time. */
  readonly pauseAt?: string
  readonly nowMs: number
  /** Takes a line for each call to another system. */
  readonly callsFile: string
}

/** A process at work on a plan. */
export interface PlannedProcess {
  /** How it ended: the signal that ended it, or its exit code. Rejects when it failed by itself. */
  readonly ended: Promise<NodeJS.Signals | number>
  /** The lines that it printed, each a JSON object. */
  readonly lines: readonly object[]
  /** Resolves once it has stopped itself. */
  stopped(): Promise<void>
  /** Lets a process go on that has stopped itself. */
  resume(): void
}

const program = join(import.meta.dirname, 'crash-point.ts')

/** Starts a process on a plan. */
export function startPlanned(plan: CrashPlan): PlannedProcess {
  const args = ['--conditions=goodfence-source', program, JSON.stringify(plan)]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'goodfence-soak-code') },
  })
  const lines: object[] = []
  let errors = ''
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) lines.push(JSON.parse(part) as object)
  })
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<NodeJS.Signals | number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(signal ?? 0)
      else reject(new Error(`The process failed by itself: ${errors}`))
    })
  })
  return {
    ended,
    lines,
    resume: () => void child.kill('SIGCONT'),
    async stopped() {
      // Nothing tells a parent of Node's that its child has stopped, but the system knows.
      while (!/^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) await setTimeout(10)
    },
  }
}
