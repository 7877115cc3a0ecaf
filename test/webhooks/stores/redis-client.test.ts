import { describe, expect, test } from 'vitest'
import { createRedisInbox, type RedisClient } from '../../../src/webhooks/stores/redis.ts'
import { arrived } from '../../suites/inbox-store.ts'

/** A Redis that answers what it is told to: to each script, in order. */
function answering(...answers: readonly unknown[]) {
  const calls: string[] = []
  const left = [...answers]
  const answer =
    (how: string) =>
    async (_script: string, { keys }: { keys: string[] }) => {
      calls.push(`${how} ${keys.join()}`)
      const next = left.shift()
      if (next instanceof Error) throw next
      return next
    }
  const client: RedisClient = { withTypeMapping: () => ({ evalSha: answer('by hash'), eval: answer('whole') }) }
  return { client, calls }
}

const memory = (policy: string) => Buffer.from(`used_memory:1\r\nmaxmemory_policy:${policy}\r\nx:y\r\n`)
const inserted = [Buffer.from('inserted')]
const unknown = new Error('NOSCRIPT No matching script. Please use EVAL.')

describe('an inbox in Redis', () => {
  test('sends a script that Redis does not know as a whole', async () => {
    const { client, calls } = answering(unknown, memory('noeviction'), unknown, inserted)
    expect(await createRedisInbox({ client, prefix: 'shop' }).put([arrived('a')])).toEqual(['inserted'])
    expect(calls).toEqual(['by hash {shop}', 'whole {shop}', 'by hash {shop}', 'whole {shop}'])
  })

  test('passes on what else goes wrong', async () => {
    const { client } = answering(memory('noeviction'), new Error('OOM command not allowed'))
    await expect(createRedisInbox({ client }).put([arrived('a')])).rejects.toThrow('OOM')
  })

  test.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])(
    'refuses a Redis that throws events away: %s',
    async (policy) => {
      const { client } = answering(memory(policy))
      const put = createRedisInbox({ client }).put([arrived('a')])
      await expect(put).rejects.toMatchObject({ code: 'environment', message: expect.stringContaining(policy) })
    },
  )

  test.each(['noeviction', 'volatile-lru'])('takes a Redis that throws no event away: %s', async (policy) => {
    const { client } = answering(memory(policy), inserted)
    expect(await createRedisInbox({ client }).put([arrived('a')])).toEqual(['inserted'])
  })

  test('asks for the policy once, and again when that failed', async () => {
    const { client, calls } = answering(new Error('away'), memory('noeviction'), inserted, inserted)
    const inbox = createRedisInbox({ client })
    await expect(inbox.put([arrived('a')])).rejects.toThrow('away')
    await inbox.put([arrived('a')])
    await inbox.put([arrived('a')])
    expect(calls).toHaveLength(4)
  })
})
