import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { connections, type PostgresClient } from '../../../src/webhooks/stores/postgres-pool.ts'

/** A client whose server is lost at its second query. `pg` tells it by an event, whoever hears that, and by every query. */
class LostClient extends EventEmitter implements PostgresClient {
  readonly released: (boolean | undefined)[] = []
  isHeard = false
  #queries = 0

  async query(): ReturnType<PostgresClient['query']> {
    if (++this.#queries === 2) this.isHeard = this.listenerCount('error') > 0
    if (this.#queries >= 2) throw new Error('Connection terminated unexpectedly')
    return { rows: [], rowCount: 0 }
  }

  release(destroy?: boolean): void {
    this.released.push(destroy)
  }
}

describe('a server that is lost', () => {
  test.each(['connected', 'transaction'] as const)('rejects the work and does not end the process: %s', async (way) => {
    const client = new LostClient()
    const use = connections({ connect: async () => client })[way]

    const work = use(async () => {
      await client.query()
      await client.query()
    })

    await expect(work).rejects.toThrow('Connection terminated unexpectedly')
    expect(client.isHeard).toBe(true)
    expect(client.released).toEqual([true])
    expect(client.listenerCount('error')).toBe(0)
  })
})
