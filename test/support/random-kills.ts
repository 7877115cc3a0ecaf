import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InboxAddress, openKillable } from './killable-inbox.ts'

/** What one process of many is to do until it dies. */
export interface KilledPlan {
  readonly address: InboxAddress
  /** `receive`: takes the deliveries from `from` on. `work`: handles until every event was handled. */
  readonly role: 'receive' | 'work'
  readonly events: number
  readonly from: number
  readonly seed: string
  /** Dies at one of so many steps. 0: never. */
  readonly killWithin: number
  /** `careless`: makes its effects beside the settling. */
  readonly manner: 'careful' | 'careless'
}

export interface KillsOptions {
  readonly address: InboxAddress
  readonly events: number
  readonly seed: number
  readonly manner: KilledPlan['manner']
  /** Processes that handle at the same time. */
  readonly workers: number
  /** Each process dies at one of so many steps. */
  readonly killWithin: number
  /** Until so many have died; then each lives to its end. */
  readonly maxKills: number
  readonly onProgress?: (line: string) => void
}

/** What was left after processes died again and again. */
export interface KillsReport {
  readonly kills: number
  /** Deliveries that were answered 2xx. */
  readonly taken: number
  readonly done: number
  readonly lost: number
  /** Effects beyond the first of their event. */
  readonly twice: number
}

const compileCache = join(tmpdir(), 'goodfence-soak-code')
const program = join(import.meta.dirname, 'killed-process.ts')

/** Kills process after process on one inbox until every event is handled, and counts what was lost and what was made twice. */
export async function randomKills(options: KillsOptions): Promise<KillsReport> {
  const { address, events, seed, manner, workers, killWithin, maxKills, onProgress } = options
  // The tables are made before anybody is killed, as they are in a database of any age.
  await using opened = await openKillable(address)
  await opened.inbox.inspect({ limit: 0 })
  let kills = 0

  async function untilFinished(role: KilledPlan['role'], name: string): Promise<number> {
    let from = 0
    for (let run = 0; ; run++) {
      const plan: KilledPlan = {
        address,
        role,
        events,
        from,
        manner,
        seed: `${seed}/${name}/${run}`,
        killWithin: kills < maxKills ? killWithin : 0,
      }
      const { killed, lastLine } = await runProcess(plan)
      if (lastLine !== undefined) from = lastLine + 1
      if (!killed) return from
      if (++kills % 50 === 0) onProgress?.(`${kills} processes killed`)
    }
  }

  const [taken] = await Promise.all([
    untilFinished('receive', 'receiver'),
    ...Array.from({ length: workers }, (_, at) => untilFinished('work', `worker ${at}`)),
  ])
  const { counts } = await opened.inbox.inspect({ limit: 0 })
  const effects = await opened.effects()
  const distinct = new Set(effects).size
  return { kills, taken, done: counts.done, lost: taken - distinct, twice: effects.length - distinct }
}

/** Runs one process to its end; the number in the last line that it wrote whole. */
function runProcess(plan: KilledPlan): Promise<{ readonly killed: boolean; readonly lastLine: number | undefined }> {
  return new Promise((resolve, reject) => {
    const args = ['--conditions=goodfence-source', program, JSON.stringify(plan)]
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Starting costs a third when the code was compiled before, and these processes start by the hundred.
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    })
    let out = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (out = (out + chunk.toString()).slice(-100)))
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const line = out.slice(0, out.lastIndexOf('\n')).split('\n').at(-1)
      const lastLine = line === undefined || line === '' ? undefined : Number(line)
      if (code === 0 || signal === 'SIGKILL') resolve({ killed: signal === 'SIGKILL', lastLine })
      else reject(new Error(`A process failed by itself (${plan.role}, seed ${plan.seed}): ${errors}`))
    })
  })
}
