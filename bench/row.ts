/** One line of the benchmark's table. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the value is compared with, in words. */
  readonly versus: string
  /** The middle half of the rounds, in the value's unit. */
  readonly spread: string
}
