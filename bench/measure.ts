export interface MeasureOptions {
  /** @default 60 */
  readonly rounds?: number
  /** Calls in one round of one case. @default 4,000 */
  readonly calls?: number
}

/** For each case, the microseconds of one call in each round. */
export type Timings<Name extends string> = Readonly<Record<Name, readonly number[]>>

/**
 * Times cases in turns, a short round of each again and again, so that whatever else the machine does
 * meets all of them alike. A tenth as many rounds go before to warm up.
 */
export async function interleave<Name extends string>(
  cases: Readonly<Record<Name, () => Promise<unknown>>>,
  options: MeasureOptions = {},
): Promise<Timings<Name>> {
  const { rounds = 60, calls = 4_000 } = options
  const names = Object.keys(cases) as Name[]
  const timings = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  const warmUps = Math.max(5, Math.ceil(rounds / 10))
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of names) {
      const call = cases[name]
      const startedMs = performance.now()
      for (let i = 0; i < calls; i++) await call()
      const us = ((performance.now() - startedMs) * 1_000) / calls
      if (round >= 0) timings[name].push(us)
    }
  }
  return timings
}

/** How many times `over` takes what `under` takes, round by round. */
export function ratios(over: readonly number[], under: readonly number[]): number[] {
  return over.map((value, round) => value / (under[round] as number))
}

/** The middle one: a round in which the machine was busy with something else does not move it. */
export function median(values: readonly number[]): number {
  return Number(percentile(values, 0.5).toPrecision(3))
}

/** The middle half, for people. */
export function spread(values: readonly number[]): string {
  return `${percentile(values, 0.25).toPrecision(3)} to ${percentile(values, 0.75).toPrecision(3)}`
}

/** The value that this share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
}
