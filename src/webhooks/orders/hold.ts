import { type HandlerResult, type WebhookEvent } from '../handler.ts'
import { askProvider, type Ask } from './ask.ts'
import { type KeyOf, type FreeOrdering } from './ordering.ts'

export interface HoldOptions {
  /** The types of the events that have to be handled before, such as `customer.created`. */
  readonly parents: readonly string[]
  /** What an event of either kind is about. */
  readonly key: KeyOf
  /** The key of a parent, where it is read in another way. @default `key` */
  readonly parentKey?: KeyOf | undefined
  /**
   * Whether the application has what the event needs. @default asked of the inbox alone, which knows a parent for as long
   * as its events are kept
   */
  readonly ready?: ((event: WebhookEvent) => boolean | Promise<boolean>) | undefined
  /** How long an event waits, from its arrival. */
  readonly timeoutMs: number
  /**
   * What to do when its time is over: handle it all the same, knowing `context.missing`; ask the provider, and hand the
   * answer to the handler as `context.current`; or give up with the reason `parent-missing`. @default 'run'
   */
  readonly onTimeout?: Ask | 'run' | 'dead' | undefined
}

/** Holds an event that came before what it belongs to, until that was handled. */
export function hold(options: HoldOptions): FreeOrdering {
  const { parents, key, parentKey = key, ready, timeoutMs, onTimeout = 'run' } = options
  return {
    kind: 'hold',
    announcers: { types: parents, key: parentKey },
    place(event, naming) {
      const about = key(event)
      if (about === undefined || ready !== undefined) return {}
      return { after: { marker: naming.announced(parents, about), timeoutMs } }
    },
    handling:
      (next, { clock, naming }) =>
      async (event, context) => {
        const about = key(event)
        if (about === undefined) return next(event, context)
        const missing = naming(event).announced(parents, about)
        if (ready !== undefined) {
          if (await ready(event)) return next(event, context)
          const leftMs = event.receivedAtMs + timeoutMs - clock.now()
          // Held before and woken: its parent was handled, and the application still lacks it.
          if (leftMs > 0 && context.attempt > 1) return { kind: 'retry', reason: 'not ready' }
          if (leftMs > 0) return { kind: 'hold', forMs: leftMs, marker: missing }
        } else if (context.missing === undefined) {
          return next(event, context)
        }
        return late()

        async function late(): Promise<HandlerResult | void> {
          if (onTimeout === 'dead') return { kind: 'dead', reason: 'parent-missing' }
          Object.assign(context, { missing })
          if (onTimeout === 'run') return next(event, context)
          const asked = await askProvider(onTimeout, event, context.signal, clock)
          return 'refused' in asked ? asked.refused : next(event, Object.assign(context, asked))
        }
      },
  }
}
