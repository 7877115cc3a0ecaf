import { type Clock } from '../../core/clock.ts'
import { type Random } from '../../core/random.ts'
import { type Handler } from '../handler.ts'
import { type Inbox } from '../inbox.ts'
import { namingFor, type Order, type OrderTable, readTable } from './order-table.ts'
import { type OrderingTools } from './ordering.ts'

/** Adds to a handler what the orderings of its events do. */
export function orderedHandler<Transaction>(
  handle: Handler<Transaction>,
  order: Order<OrderTable<Transaction>> | undefined,
  { inbox, clock, random }: { inbox: Pick<Inbox<Transaction>, 'inspect'>; clock: Clock; random: Random },
): Handler<Transaction> {
  if (order === undefined) return handle
  const find: OrderingTools['find'] = async (marker) =>
    (await inbox.inspect({ marker, states: knownStates, limit: 1 })).events[0]?.state

  function handlersOf(table: OrderTable<Transaction>): (type: string) => Handler<Transaction> {
    const handlers = new Map<string, Handler<Transaction>>()
    const { entryOf } = readTable(table)
    return (type) => {
      const entry = entryOf(type)
      if (entry?.ordering.handling === undefined) return handle
      const { name, ordering } = entry
      const known = handlers.get(name)
      if (known !== undefined) return known
      const tools: OrderingTools = { clock, random, find, naming: (event) => namingFor(event, name) }
      const made = ordering.handling?.(handle, tools) ?? handle
      handlers.set(name, made)
      return made
    }
  }

  const providers = new Map<string, (type: string) => Handler<Transaction>>()
  const shared = typeof order === 'function' ? undefined : handlersOf(order)
  const handlerOf = (provider: string, type: string) => {
    const known = shared ?? providers.get(provider)
    if (known !== undefined) return known(type)
    const made = handlersOf((typeof order === 'function' ? order(provider) : order) ?? {})
    providers.set(provider, made)
    return made(type)
  }
  return (event, context) => handlerOf(event.provider, event.type)(event, context)
}

const knownStates = ['ready', 'held', 'leased', 'done', 'superseded', 'dead'] as const
