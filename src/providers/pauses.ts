export const secondMs = 1_000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export interface DoublingPauses {
  readonly fromMs: number
  /** No pause is longer. @default each is twice the one before */
  readonly upToMs?: number
  /** All of them together are no longer. */
  readonly withinMs: number
  /** At most so many. @default as many as fit */
  readonly times?: number
}

/** Pauses of which each is twice the one before: what "exponential" is taken for where a provider gives no figures. */
export function doublingPauses({ fromMs, upToMs = Infinity, withinMs, times = Infinity }: DoublingPauses): number[] {
  const pausesMs: number[] = []
  let leftMs = withinMs
  for (let pauseMs = fromMs; pauseMs <= leftMs && pausesMs.length < times; pauseMs = Math.min(2 * pauseMs, upToMs)) {
    pausesMs.push(pauseMs)
    leftMs -= pauseMs
  }
  return pausesMs
}
