import { textOf } from '../../core/body.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { type Entry } from '../../core/journal.ts'
import { type DeliveryRecord } from '../../webhooks/delivery.ts'
import { type Mock } from '../mock.ts'
import { parsePlan } from '../plan.ts'
import { answer, done, refuse } from './answers.ts'

/** What a request to one mock's part of the admin API brings. */
export interface Asked {
  /** What stands for `{id}` in the path. */
  readonly id: string
  readonly query: URLSearchParams
  readonly request: Request
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  /** Query parameters it takes; any other is refused. @default none */
  readonly query?: readonly string[]
  readonly handle: (mock: Mock, asked: Asked) => Response | Promise<Response>
}

const maxBytes = 2 ** 20
const journalFields = ['kind', 'seen', 'operation', 'exchange', 'event', 'delivery', 'object', 'id', 'fault'] as const
const deliveryFields = ['id', 'event', 'type', 'url', 'state'] as const

/** What can be done to one mock. */
export const mockRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/reset',
    handle(mock) {
      mock.reset()
      return done()
    },
  },
  { method: 'GET', path: '/faults', handle: (mock) => answer(mock.plan) },
  {
    method: 'PUT',
    path: '/faults',
    async handle(mock, { request }) {
      mock.setPlan(parsePlan(await textOf(request, { maxBytes }), 'The plan sent', mock.planNames))
      return answer(mock.plan)
    },
  },
  {
    method: 'DELETE',
    path: '/faults',
    handle(mock) {
      mock.setPlan(undefined)
      return done()
    },
  },
  {
    method: 'GET',
    path: '/journal',
    query: [...journalFields, 'after', 'limit'],
    handle(mock, { query }) {
      const after = numberIn(query, 'after', 0)
      const fits = matching(query, journalFields)
      const entries = mock.journal.entries().filter((entry) => entry.seq > after && fits(entry))
      return answer({ total: entries.length, entries: entries.slice(0, limitIn(query)) })
    },
  },
  {
    method: 'GET',
    path: '/deliveries',
    query: [...deliveryFields, 'limit'],
    handle(mock, { query }) {
      const deliveries = mock.outbox.deliveries().filter(matching(query, deliveryFields))
      return answer({
        total: deliveries.length,
        pending: mock.outbox.pending,
        deliveries: deliveries.slice(0, limitIn(query)),
      })
    },
  },
  {
    method: 'POST',
    path: '/deliveries/{id}/resend',
    handle: (mock, { id }) => orUnknown(id, () => answer({ resent: mock.outbox.resend(id) }, 202)),
  },
  {
    method: 'POST',
    path: '/resend',
    query: ['since'],
    handle(mock, { query }) {
      const since = query.get('since')
      if (since === null)
        throw usage('POST /resend needs since: milliseconds since 1970, or a date such as 2026-01-31T12:00:00Z.')
      const sinceMs = /^\d+$/.test(since) ? Number(since) : Date.parse(since)
      if (Number.isNaN(sinceMs))
        throw usage(`since is "${since}". Give milliseconds since 1970, or a date such as 2026-01-31T12:00:00Z.`)
      return answer({ resent: mock.outbox.resendSince(sinceMs) }, 202)
    },
  },
  {
    method: 'GET',
    path: '/endpoints',
    handle(mock) {
      const endpoints = mock.outbox.targets().map(({ url, events, disabled }) => ({ url, events, disabled }))
      return answer({ endpoints })
    },
  },
  {
    method: 'POST',
    path: '/endpoints/enable',
    query: ['url'],
    handle(mock, { query }) {
      const url = query.get('url')
      if (url === null) throw usage('POST /endpoints/enable needs url: one that GET /endpoints lists.')
      return orUnknown(url, () => (mock.outbox.enableTarget(url), done()))
    },
  },
  {
    method: 'POST',
    path: '/actions/{id}',
    async handle(mock, { id, request }) {
      const outcome = outcomeIn(await textOf(request, { maxBytes }))
      return orUnknown(id, () => (mock.completeAction(id, outcome), answer({ id, outcome })))
    },
  },
]

/** Runs what refuses an id that it does not know with `usage`. */
function orUnknown(id: string, act: () => Response): Response {
  try {
    return act()
  } catch (error) {
    if (error instanceof GoodfenceError && error.code === 'usage')
      return refuse(404, 'unknown_id', `${id}: ${error.message}`)
    throw error
  }
}

function outcomeIn(text: string): 'succeed' | 'fail' {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  const outcome = typeof body === 'object' && body !== null && 'outcome' in body ? body.outcome : undefined
  if (outcome === 'succeed' || outcome === 'fail') return outcome
  throw usage('Say how the action ends: {"outcome":"succeed"} or {"outcome":"fail"}.')
}

/** Entries whose fields are what the query says, for the fields that it names. */
function matching(query: URLSearchParams, fields: readonly string[]): (entry: Entry | DeliveryRecord) => boolean {
  const wanted = fields.filter((field) => query.has(field)).map((field) => [field, query.get(field)] as const)
  return (entry) => wanted.every(([field, value]) => (entry as unknown as Record<string, unknown>)[field] === value)
}

function limitIn(query: URLSearchParams): number {
  return Math.min(numberIn(query, 'limit', 100), 10_000)
}

function numberIn(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name)
  if (text === null) return otherwise
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw usage(`${name} is "${text}". Give a whole number.`)
}

function usage(message: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend: message })
}
