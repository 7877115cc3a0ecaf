import { userInfo } from 'node:os'
import { GoodfenceError } from '../../core/errors.ts'
import { type EventState, type Selector } from '../../webhooks/inbox.ts'
import { replay } from '../../webhooks/replay.ts'
import { defineCommand } from '../command.ts'
import { inboxOptions, withInbox } from '../open-inbox.ts'

/** The states that a replay may be asked for: what is in conflict can only be skipped, the last two only forced. */
const states = ['dead', 'quarantined', 'conflict', 'done', 'superseded'] as const

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
    skip: {
      type: 'flag',
      help: 'Settle them as superseded instead: nothing is handled, and what they held up goes on',
    },
    force: { type: 'flag', help: 'Also what was done or superseded: its effects happen again' },
  },
  notes: [
    'Events come in the order in which they arrived, each at most once; a replay that was cut off can be run again.',
    "An event in conflict has another's id and other bytes, so it can only be skipped: --state conflict --skip.",
    'Exit codes: 0 events were requeued or skipped, or would be; 2 usage or environment; 3 no event fits.',
  ].join('\n'),
  async run(values, _operands, world) {
    const { state, 'dry-run': dryRun, skip, force, rate, reason = '' } = values
    if (reason === '' && !dryRun) throw misuse('`goodfence webhook replay` needs --reason TEXT, for the record.')
    if (rate < 1) throw misuse('--rate needs a whole number of at least 1.')
    const isFinished = state === 'done' || state === 'superseded'
    if (skip && isFinished) throw misuse(`Events that are ${state} hold up nothing: there is nothing to skip.`)
    if (state === 'conflict' && !skip)
      throw misuse('Events in conflict cannot be handled, since their id is taken: they need --skip.')
    if (isFinished && !force && !dryRun) {
      throw misuse(`Events that are ${state} need --force: what they did happens again.`)
    }
    const selector = selectorOf(values)
    // Counting does nothing again, so it needs no force.
    const choice = { by: values.by ?? userInfo().username, reason, dryRun, force: force || dryRun }
    const [count, all] = await withInbox(values, world, async (inbox) => {
      const { counts } = await inbox.inspect({ limit: 0 })
      const chosen = skip
        ? await inbox.requeue(selector, { ...choice, to: 'skip' })
        : await replay(inbox, selector, { ...choice, perSecond: rate, signal: world.signal })
      return [chosen, counts[state as EventState]]
    })
    const what = `${count} ${state} ${count === 1 ? 'event' : 'events'}`
    const why =
      count > 0 ? '' : all === 0 ? ': there is none' : `: there ${all === 1 ? 'is' : 'are'} ${all}, and none fits`
    const done = skip ? 'skipped' : 'requeued'
    const would = skip ? 'would skip' : 'would requeue'
    world.stdout.write(`${dryRun ? would : done} ${what}${why}\n`)
    return count === 0 ? 3 : 0
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
