import { systemClock } from '../../core/clock.ts'
import { oneLine } from '../../reports/escape.ts'
import { eventStates, type Inspection } from '../../webhooks/inbox.ts'
import { defineCommand } from '../command.ts'
import { eventsOfNote, noted, type NotedEvent } from '../events-of-note.ts'
import { inboxOptions, withInbox } from '../open-inbox.ts'

export const webhookInbox = defineCommand({
  name: 'webhook inbox',
  summary: 'Show how much waits in an inbox, and what needs a person',
  operands: '',
  minOperands: 0,
  maxOperands: 0,
  options: { ...inboxOptions, json: { type: 'flag', help: 'Print one JSON object' } },
  notes: [
    'Shown one by one, at most a hundred of each: events that are retried, unreadable or in conflict. `webhook replay`',
    'has dead and unreadable ones handled again; with --skip it settles them, and those in conflict, without that.',
    'Exit codes: 0 nothing needs a person; 1 events are dead, unreadable or in conflict; 2 usage or environment.',
  ].join('\n'),
  async run(values, _operands, world) {
    const found = await withInbox(values, world, async (inbox): Promise<Shown> => {
      const numbers = await inbox.inspect({ limit: 0, problems: true })
      return { ...numbers, events: await eventsOfNote(inbox) }
    })
    world.stdout.write(values.json ? `${JSON.stringify(found)}\n` : told(found, systemClock.now()))
    const { dead, quarantined, conflict } = found.counts
    return dead + quarantined + conflict > 0 ? 1 : 0
  },
})

interface Shown extends Omit<Inspection, 'events'> {
  readonly events: readonly NotedEvent[]
}

function told({ counts, oldestUnfinishedMs, problems, events }: Shown, nowMs: number): string {
  const lines = eventStates.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`)
  const oldest =
    oldestUnfinishedMs === undefined ? '' : `; the oldest waits for ${secondsOf(nowMs - oldestUnfinishedMs)} s`
  const dead = problems?.dead ?? []
  const blocked = problems?.blockedLanes ?? []
  return [
    `${lines.length === 0 ? 'empty' : lines.join(', ')}${oldest}`,
    ...dead.map(
      ({ provider, type, lastError, count, newestMs }) =>
        `dead: ${count} of ${provider} ${type}, ${lastError}, the last arrived ${new Date(newestMs).toISOString()}`,
    ),
    ...blocked.map(({ lane, seq, waiting }) => `blocked: ${waiting} wait in ${lane} behind the dead event ${seq}`),
    ...events.map(noted),
  ]
    .map((line) => `${oneLine(line)}\n`)
    .join('')
}

function secondsOf(ms: number): number {
  return Math.max(0, Math.round(ms / 1_000))
}
