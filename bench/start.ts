import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, spread } from './measure.ts'
import { type Row } from './row.ts'

const root = join(import.meta.dirname, '..')

/** From the start of the process until the mock listens, on Stripe's official document: without and with the cache. */
export async function rows(): Promise<Row[]> {
  const folder = process.env['GOODFENCE_OFFICIAL_SPECS']
  const document = folder === undefined ? undefined : join(folder, 'stripe.yaml')
  if (document === undefined || !existsSync(document)) {
    console.error('start: skipped, GOODFENCE_OFFICIAL_SPECS does not lead to stripe.yaml')
    return []
  }
  const cache = mkdtempSync(join(tmpdir(), 'goodfence-bench-'))
  const cold: Started[] = []
  const warm: Started[] = []
  for (let round = 0; round < 5; round++) {
    rmSync(cache, { recursive: true, force: true })
    cold.push(await startOnce(document, cache))
    warm.push(await startOnce(document, cache))
  }
  rmSync(cache, { recursive: true, force: true })
  const node = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim()
  const versus = `bare start, node ${node}, official Stripe document`
  return [
    {
      name: 'start-cold',
      value: median(cold.map(({ seconds }) => seconds)),
      unit: 's',
      versus,
      spread: spread(cold.map(({ seconds }) => seconds)),
    },
    {
      name: 'start-warm',
      value: median(warm.map(({ seconds }) => seconds)),
      unit: 's',
      versus,
      spread: spread(warm.map(({ seconds }) => seconds)),
    },
    {
      name: 'start-memory',
      value: Math.max(...cold.map(({ megabytes }) => megabytes)),
      unit: 'MB',
      versus: 'peak resident memory, cold',
      spread: spread(cold.map(({ megabytes }) => megabytes)),
    },
  ]
}

interface Started {
  readonly seconds: number
  readonly megabytes: number
}

async function startOnce(document: string, cache: string): Promise<Started> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      '--conditions=goodfence-source',
      join(root, 'src/cli/main.ts'),
      'mock',
      document,
      '--port',
      '0',
      '--admin-port',
      '0',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, XDG_CACHE_HOME: cache } },
  )
  await once(child.stdout, 'data')
  const seconds = (performance.now() - began) / 1_000
  const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : ''
  child.kill()
  await once(child, 'exit')
  return { seconds, megabytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024 }
}
