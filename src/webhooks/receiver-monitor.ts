import { type ReceiverOutcome } from './receiver-exits.ts'
import { type RefusalReason } from './receiver-options.ts'

/** How often the deliveries of one provider ended in one way. */
export interface ReceiverCount {
  readonly provider: string
  readonly outcome: ReceiverOutcome
  readonly reason?: RefusalReason
  readonly count: number
}

/** A refused delivery without anything that its sender wrote, but the names of its headers. */
export interface RejectedSample {
  readonly atMs: number
  readonly provider: string
  readonly reason: RefusalReason
  /** The mistake that would explain it. */
  readonly diagnosis?: string
  readonly bytes: number
  readonly headerNames: readonly string[]
}

/** What receivers have seen. One may serve several of them. */
export interface ReceiverMonitor {
  /** Every end that was seen, by provider, outcome and reason. */
  counts(): readonly ReceiverCount[]
  /** The last sixteen refused deliveries, of receivers that `diagnose`. */
  samples(): readonly RejectedSample[]
  count(of: Omit<ReceiverCount, 'count'>): void
  keep(sample: RejectedSample): void
}

const maxSamples = 16

/** Makes a monitor that has seen nothing. */
export function createReceiverMonitor(): ReceiverMonitor {
  const counts = new Map<string, { -readonly [Field in keyof ReceiverCount]: ReceiverCount[Field] }>()
  const samples: RejectedSample[] = []
  return {
    counts: () => structuredClone([...counts.values()]),
    samples: () => [...samples],
    count(of) {
      const key = `${of.outcome} ${of.reason ?? ''} ${of.provider}`
      const known = counts.get(key)
      if (known === undefined) counts.set(key, { ...of, count: 1 })
      else known.count++
    },
    keep(sample) {
      if (samples.length === maxSamples) samples.shift()
      samples.push(sample)
    },
  }
}
