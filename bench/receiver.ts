import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { deliver, signedRequests } from './delivery-load.ts'
import { median, percentile, spread } from './measure.ts'
import { startServer } from './start-server.ts'
import { type Row } from './row.ts'

const root = join(import.meta.dirname, '..')

/** Deliveries of two kilobytes over 32 connections to a receiver in a process of its own: verified, stored for good, answered. */
export async function rows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'goodfence-bench-'))
  const receiver = await startServer([
    '--conditions=goodfence-source',
    join(root, 'bench/servers/receiver.ts'),
    join(folder, 'inbox.db'),
  ])
  try {
    const rates: number[] = []
    const tails: number[] = []
    for (let round = -1; round < 7; round++) {
      const requests = signedRequests(receiver.url, `round${round}`, 6_000)
      const { perSecond, latenciesMs } = await deliver(receiver.url, requests, 32)
      if (round < 0) continue
      rates.push(perSecond)
      tails.push(percentile(latenciesMs, 0.99))
    }
    const versus = `SQLite, synchronous FULL; load ${loadavg()[0]?.toFixed(1)}`
    return [
      { name: 'receiver-accepted', value: median(rates), unit: '/s', versus, spread: spread(rates) },
      { name: 'receiver-accepted-p99', value: median(tails), unit: 'ms', versus, spread: spread(tails) },
    ]
  } finally {
    receiver.child.kill()
    rmSync(folder, { recursive: true })
  }
}
