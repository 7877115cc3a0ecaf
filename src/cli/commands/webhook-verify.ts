import { resolve } from 'node:path'
import { GoodfenceError } from '../../core/errors.ts'
import { defineCommand, type World } from '../command.ts'
import { readJson } from '../read-json.ts'
import { judgeVector, type VectorOutcome } from '../webhook-vectors.ts'
import { readVectors } from '../read-vectors.ts'

export const webhookVerify = defineCommand({
  name: 'webhook verify',
  summary: 'Check how signatures of webhooks are judged',
  operands: '',
  minOperands: 0,
  maxOperands: 0,
  options: {
    vectors: { type: 'text', value: 'FILE', help: 'Deliveries with the verdict that each must get' },
  },
  notes: [
    'A vector with the binding `must` counts; one with `quirk` says what one library does, and is only shown.',
    'Exit codes: 0 every verdict is right; 1 one is wrong; 2 the file cannot be used; 3 it holds nothing that counts.',
  ].join('\n'),
  async run({ vectors }, _operands, world) {
    if (vectors === undefined) {
      throw new GoodfenceError('usage', '`goodfence webhook verify` needs --vectors FILE.', {
        mend: 'goodfence webhook verify --help',
      })
    }
    const path = resolve(world.cwd, vectors)
    return tell(readVectors(await readJson(path, 'file of vectors'), path).map(judgeVector), world)
  },
})

/** Prints what went wrong, then the quirks that we do not share, then the count. */
function tell(outcomes: readonly VectorOutcome[], { stdout }: World): number {
  const counted = outcomes.filter(({ vector }) => vector.binding === 'must')
  const failed = counted.filter(({ agrees }) => !agrees)
  const quirks = outcomes.filter(({ vector }) => vector.binding === 'quirk')
  const others = quirks.filter(({ agrees }) => !agrees)
  for (const outcome of failed) stdout.write(`failed: ${told(outcome)}\n`)
  for (const outcome of others) stdout.write(`quirk: ${told(outcome)}\n`)
  if (quirks.length > 0) {
    stdout.write(
      `${quirks.length} ${quirks.length === 1 ? 'quirk' : 'quirks'}, not counted: ${quirks.length - others.length} as recorded, ${others.length} otherwise\n`,
    )
  }
  stdout.write(`${counted.length - failed.length} passed, ${failed.length} failed\n`)
  if (failed.length > 0) return 1
  return counted.length === 0 ? 3 : 0
}

function told({ vector, got, reason, message }: VectorOutcome): string {
  const expected = vector.valid ? 'accepted' : 'refused'
  const why = reason === undefined ? '' : ` as ${reason}`
  const about = vector.description === undefined ? '' : ` (${vector.description})`
  if (message !== undefined) return `${vector.id}${about}: ${message}`
  return `${vector.id}${about}: expected ${expected}, got ${got}${why}`
}
