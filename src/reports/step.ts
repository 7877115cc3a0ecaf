/** Who takes part in a history: `shop` is the integration under test. */
export type Party = 'shop' | 'provider' | 'attacker'

/**
 * One line of a history, told for people. Between two parties it is a message; at one party alone it is
 * something that this party did or noticed.
 */
export interface Step {
  /** Milliseconds since the scenario began. */
  readonly atMs: number
  readonly from: Party
  /** Absent for something that happens at `from` alone. */
  readonly to?: Party
  /** What is sent or done, a few words. */
  readonly text: string
  /** An answer is drawn dashed, as sequence diagrams do. */
  readonly answer?: boolean
  /** The message never arrived: the arrow breaks off. */
  readonly lost?: boolean
  /** Not what the provider made: sent, or changed on the way, by an attacker. */
  readonly forged?: boolean
  /** The step that breaks the promise. */
  readonly wrong?: boolean
}

/** Time for people: `53 ms`, `1.019 s`, `12.5 s`, `3 min 20 s`, `1 h`, `3 d 4 h`. At most two units. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_999.5) return `${Math.round(ms) / 1000} s`
  if (ms < 59_950) return `${Math.round(ms / 100) / 10} s`
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ]
  const first = units.findIndex(([, size]) => ms >= size)
  const parts: string[] = []
  let left = ms
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}

/** A history as aligned lines of plain text, one step a line. */
export function historyLines(steps: readonly Step[]): readonly string[] {
  const times = steps.map((step) => duration(step.atMs))
  const widest = Math.max(0, ...times.map((time) => time.length))
  const names = Math.max(0, ...steps.flatMap(({ from, to }) => [from.length, to?.length ?? 0]))
  return steps.map((step, index) => {
    const time = (times[index] ?? '').padStart(widest)
    const mark = step.wrong ? '  <-- here' : ''
    return `${time}  ${who(step, names)}  ${step.text}${mark}`
  })
}

function who({ from, to, lost, forged }: Step, width: number): string {
  if (to === undefined) return from.padEnd(2 * width + 4)
  const arrow = lost ? '-x' : forged ? '~>' : '->'
  return `${from.padEnd(width)} ${arrow} ${to.padEnd(width)}`
}
