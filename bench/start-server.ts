import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Starts a program of Node's that says where it listens, and waits for that. */
export async function startServer(args: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const url = /listening on (\S+)/.exec(chunk.toString())?.[1]
  if (url === undefined) throw new Error(`No address in: ${chunk.toString()}`)
  return { url, child }
}
