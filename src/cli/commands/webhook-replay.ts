import { userInfo } from 'node:os'
import { GoodfenceError } from '../../core/errors.ts'
import { type EventState, type Selector } from '../../webhooks/inbox.ts'
import { replay } from '../../webhooks/replay.ts'
import { defineCommand } from '../command.ts'
import { inboxOptions, withInbox } from '../open-inbox.ts'

/** The states that a replay may be asked for; the last two only by force. */
const states = ['dead', 'quarantined', 'done', 'superseded'] as const

export const webhookReplay = defineCommand({
  name: 'webhook replay',
  summary: 'Have events of an inbox handled again',
  operands: '',
  minOperands: 0,
  maxOperands: 0,
  options: {
    ...inboxOptions,
    state: { type: 'text', value: 'STATE', help: 'Which events', choices: states, default: 'dead' },
    provider: { type: 'text', value: 'P', help: 'Only events of this provider' },
    type: { type: 'text', value: 'T', help: 'Only events of this type' },
    event: { type: 'text', value: 'ID', help: 'Only the event with this id of the provider' },
    error: { type: 'text', value: 'KIND', help: 'Only events that failed in this way last, such as "TypeError"' },
    since: { type: 'text', value: 'ISO', help: 'Only events that arrived then or later, such as 2026-11-20T08:00Z' },
    by: { type: 'text', value: 'NAME', help: 'Who asks, for the record [the user]' },
    reason: { type: 'text', value: 'TEXT', help: 'Why, for the record' },
    rate: { type: 'number', value: 'N', help: 'At most so many events a second', default: 100 },
    'dry-run': { type: 'flag', help: 'Only count' },
    force: { type: 'flag', help: 'Also what was done or superseded: its effects happen again' },
  },
  notes: [
    'Events come in the order in which they arrived, each at most once; a replay that was cut off can be run again.',
    'Exit codes: 0 events were requeued; 2 usage or environment; 3 no event fits.',
  ].join('\n'),
  async run(values, _operands, world) {
    const { state, 'dry-run': dryRun, force, rate, reason } = values
    if (reason === undefined && !dryRun) throw misuse('`goodfence webhook replay` needs --reason TEXT, for the record.')
    if (rate < 1) throw misuse('--rate needs a whole number of at least 1.')
    if (!force && (state === 'done' || state === 'superseded')) {
      throw misuse(`Events that are ${state} need --force: what they did happens again.`)
    }
    const selector = selectorOf(values)
    const by = values.by ?? userInfo().username
    const requeued = await withInbox(values, world, (inbox) =>
      replay(inbox, selector, { by, reason: reason ?? '', dryRun, force, perSecond: rate, signal: world.signal }),
    )
    const what = `${requeued} ${state} ${requeued === 1 ? 'event' : 'events'}`
    world.stdout.write(dryRun ? `would requeue ${what}\n` : `requeued ${what}\n`)
    return requeued === 0 ? 3 : 0
  },
})

interface Asked {
  readonly state: string
  readonly provider: string | undefined
  readonly type: string | undefined
  readonly event: string | undefined
  readonly error: string | undefined
  readonly since: string | undefined
}

function selectorOf({ state, provider, type, event, error, since }: Asked): Selector {
  const sinceMs = since === undefined ? undefined : Date.parse(since)
  if (Number.isNaN(sinceMs)) throw misuse(`--since needs a time such as 2026-11-20T08:00Z, not "${since}".`)
  return {
    states: [state as EventState],
    ...(provider === undefined ? {} : { provider }),
    ...(type === undefined ? {} : { type }),
    ...(event === undefined ? {} : { eventId: event }),
    ...(error === undefined ? {} : { lastError: error }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  }
}

function misuse(message: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend: 'goodfence webhook replay --help' })
}
