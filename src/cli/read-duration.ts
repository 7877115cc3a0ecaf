import { GoodfenceError } from '../core/errors.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Reads a duration such as `500ms`, `60s` or `5m`, in milliseconds. */
export function readDuration(option: string, text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  if (amount !== undefined && unit !== undefined) return Number(amount) * units[unit as keyof typeof units]
  throw new GoodfenceError('usage', `${option} cannot be "${text}". Write it as 500ms, 60s or 5m.`, {
    mend: `${option} 60s`,
  })
}
