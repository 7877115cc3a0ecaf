import { readFileSync } from 'node:fs'

/** Length of a tick of the processor times that Linux tells. */
const tickMs = 10

/** Processor time that these processes have used since they began, in milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid) * tickMs, 0)
}

/** What the processors have done since the machine started, for anybody, in ticks: all of it, and the part that was nothing. */
export function machineTicks(): { readonly all: number; readonly idle: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, ...more] =
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? []
  return { all: [user, nice, system, idle, wait, ...more].reduce((sum, ticks) => sum + ticks, 0), idle: idle + wait }
}

/** Whether that process of this machine is one of PostgreSQL's: a server elsewhere counts its own. */
export function isPostgres(pid: number): boolean {
  return statOf(pid).startsWith('postgres')
}

function ticksOf(pid: number): number {
  // User and system time are fields 14 and 15 of proc(5), the first two being the number and the name.
  const [user = 0, system = 0] = statOf(pid).split(') ').at(-1)?.split(' ').slice(11, 13).map(Number) ?? []
  return user + system
}

/** From the name on; empty when there is no such process. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^\d+ \(/, '')
  } catch {
    return ''
  }
}
