import { hash } from 'node:crypto'
import { GoodfenceError } from '../../core/errors.ts'
import { type Script, scripts } from './redis-scripts.ts'

/** What the inbox uses of a client or a cluster of `redis`. */
export interface RedisClient {
  withTypeMapping(mapping: typeof bytes): RedisCaller
}

/** A client whose answers are bytes. */
export interface RedisCaller {
  evalSha(hash: string, options: ScriptOptions): Promise<unknown>
  eval(script: string, options: ScriptOptions): Promise<unknown>
}

interface ScriptOptions {
  keys: string[]
  arguments: (string | Buffer)[]
}

/** Has strings, which RESP marks with a dollar sign, answered as bytes. */
const bytes = { ['$'.charCodeAt(0) as 36]: Buffer } as const

/** An answer of a script: bytes, numbers, or lists of them. */
export type Reply = Buffer | number | readonly Reply[]

/** Runs a script on the keys of one inbox. */
export type RunScript = (name: Script, args: readonly (string | number | Buffer)[]) => Promise<Reply>

const hashes = Object.fromEntries(
  Object.entries(scripts).map(([name, text]) => [name, hash('sha1', text)]),
) as Readonly<Record<Script, string>>

/** Makes the function that runs scripts, by their hash once Redis has seen them. Keys begin with the prefix in braces. */
export function scriptRunner(client: RedisClient, prefix: string): RunScript {
  const caller = client.withTypeMapping(bytes)
  return async (name, args) => {
    const options = {
      keys: [`{${prefix}}`],
      arguments: args.map((value) => (typeof value === 'number' ? String(value) : value)),
    }
    try {
      return (await caller.evalSha(hashes[name], options)) as Reply
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return (await caller.eval(scripts[name], options)) as Reply
    }
  }
}

/** Throws `environment` when Redis would throw events away to make room for others. */
export async function requireKeeping(run: RunScript): Promise<void> {
  const policy = /^maxmemory_policy:([\w-]+)/m.exec(String(await run('memory', [''])))?.[1]
  // The policies named volatile throw away only what has a time to live, and nothing of an inbox has.
  if (policy === undefined || !policy.startsWith('allkeys')) return
  throw new GoodfenceError('environment', `Redis has the maxmemory-policy ${policy}, which throws events away.`, {
    mend: 'set maxmemory-policy to noeviction, or give the inbox a Redis of its own',
  })
}
