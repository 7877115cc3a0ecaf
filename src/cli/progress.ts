import { systemClock } from '../core/clock.ts'
import { type World } from './command.ts'

/** Does the work, and says on a terminal that it is still going on once two seconds have passed. */
export async function slowly<T>(world: World, what: string, work: () => Promise<T>): Promise<T> {
  if (world.stderr.isTTY !== true) return work()
  const cancel = systemClock.after(2_000, () => world.stderr.write(`${what}...\n`))
  try {
    return await work()
  } finally {
    cancel()
  }
}

/** One line on a terminal that is written over and over; nothing elsewhere. */
export function progressLine(world: World): { show(text: string): void; clear(): void } {
  if (world.stderr.isTTY !== true) return { show: () => {}, clear: () => {} }
  return {
    show: (text) => void world.stderr.write(`\r\u001b[2K${text}`),
    clear: () => void world.stderr.write('\r\u001b[2K'),
  }
}
