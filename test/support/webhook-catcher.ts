import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'

/** One webhook as it arrived. */
export interface Caught {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Catcher extends AsyncDisposable {
  readonly url: string
  readonly caught: readonly Caught[]
  /** Resolves as soon as what was caught satisfies the condition. */
  until(condition: (caught: readonly Caught[]) => boolean): Promise<void>
}

/** A bare server that takes every webhook and keeps it. */
export async function catchWebhooks(): Promise<Catcher> {
  const caught: Caught[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      caught.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) })
      response.end()
      for (const look of waiting) look()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    caught,
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition(caught)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
