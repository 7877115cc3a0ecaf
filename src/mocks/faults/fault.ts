import { type Clock } from '../../core/clock.ts'
import { type Random } from '../../core/random.ts'
import { type Layer } from '../../core/service.ts'
import { type Drip, drip } from './drip.ts'
import { type Hang, hang } from './hang.ts'
import { type HtmlError, htmlError } from './html-error.ts'
import { type Latency, latency } from './latency.ts'
import { type LostReply, lostReply } from './lost-reply.ts'
import { type MalformedJson, malformedJson } from './malformed-json.ts'
import { type RateLimit, rateLimit } from './rate-limit.ts'
import { type Reset, reset } from './reset.ts'
import { type Status, status } from './status.ts'
import { type TruncatedBody, truncatedBody } from './truncated-body.ts'

/** One way in which an exchange goes wrong, as plain data. */
export type Fault =
  | Latency
  | Hang
  | Reset
  | LostReply
  | TruncatedBody
  | MalformedJson
  | HtmlError
  | Status
  | RateLimit
  | Drip

/** What the mock lends its faults. */
export interface FaultTools {
  readonly clock: Clock
  /** Chance of this one rule, from the plan's seed. */
  readonly random: Random
  /** A refusal in the provider's own words; of the request, where its execution had begun. */
  readonly errorResponse: (status: number, code?: string, request?: Request) => Response
}

/** Makes a fault's layer from its data. */
export type Inject<Kind> = (fault: Kind, tools: FaultTools) => Layer

/** Makes the layer of any fault. It strikes every request that it sees: what to strike is the plan's affair. */
export function inject(fault: Fault, tools: FaultTools): Layer {
  switch (fault.kind) {
    case 'latency':
      return latency(fault, tools)
    case 'hang':
      return hang(fault, tools)
    case 'reset':
      return reset(fault, tools)
    case 'lost-reply':
      return lostReply(fault, tools)
    case 'truncated-body':
      return truncatedBody(fault, tools)
    case 'malformed-json':
      return malformedJson(fault, tools)
    case 'html-error':
      return htmlError(fault, tools)
    case 'status':
      return status(fault, tools)
    case 'rate-limit':
      return rateLimit(fault, tools)
    case 'drip':
      return drip(fault, tools)
  }
}

/**
 * Where a fault stands: `network` outside the replay of stored answers, so that nothing is remembered of
 * what it refuses; `execution` inside, so that its answer is remembered and the key is in use meanwhile.
 */
export function stageOf(fault: Fault): 'network' | 'execution' {
  if (fault.kind === 'latency') return fault.at === 'during' ? 'execution' : 'network'
  if (fault.kind === 'status') return fault.stored === true ? 'execution' : 'network'
  return 'network'
}
