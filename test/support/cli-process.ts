import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a user would, in a process of its own, to its end. */
export async function runCliProcess(
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<Finished> {
  const child = start(args, options.cwd)
  const output = collect(child)
  const code = await ended(child)
  return { code, ...output() }
}

/** A mock that runs in a process of its own. */
export interface MockProcess extends AsyncDisposable {
  /** One for each document. */
  readonly urls: readonly string[]
  readonly adminUrl: string
  readonly adminToken: string
  readonly webhookSecret: string | undefined
  /** Calls the admin API. */
  admin(method: string, path: string, body?: unknown): Promise<Response>
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Finished>
}

/** Starts `goodfence mock` and waits until it says that it listens; rejects with its words when it ends before. */
export async function startMock(args: readonly string[], documents = 1): Promise<MockProcess> {
  const child = start(['mock', ...args, '--port', '0', '--admin-port', '0'])
  const output = collect(child)
  await new Promise<void>((resolve, reject) => {
    const look = () => output().stdout.split('listening on').length > documents && resolve()
    child.stdout?.on('data', look)
    child.once('exit', (code) => reject(new Error(`goodfence mock ended with ${code}:\n${output().stderr}`)))
  })
  const { stdout, stderr } = output()
  const [, adminUrl = '', adminToken = ''] = /admin (\S+) token (\S+)/.exec(stderr) ?? []
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return { code: await ended(child), ...output() }
  }
  return {
    urls: [...stdout.matchAll(/listening on (\S+)/g)].map((match) => match[1] as string),
    adminUrl,
    adminToken,
    webhookSecret: /secret (\S+)/.exec(stderr)?.[1],
    admin: (method, path, body) =>
      fetch(`${adminUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

function start(args: readonly string[], cwd = root): ChildProcess {
  const main = join(root, 'src/cli/main.ts')
  return spawn(process.execPath, ['--conditions=goodfence-source', main, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => (text.stdout += chunk))
  child.stderr?.on('data', (chunk) => (text.stderr += chunk))
  return () => text
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('close', resolve))
}
