import { join } from 'node:path'
import autocannon from 'autocannon'
import { median, spread } from './measure.ts'
import { type Row } from './row.ts'
import { startServer } from './start-server.ts'

const root = join(import.meta.dirname, '..')
const headers = { authorization: 'Bearer sk_test_bench' }

/** GET of one customer over 32 connections: the Stripe mock beside a bare server that returns the same bytes. */
export async function rows(): Promise<Row[]> {
  const mock = await startServer([
    '--conditions=goodfence-source',
    join(root, 'src/cli/main.ts'),
    'mock',
    'stripe',
    '--port',
    '0',
    '--admin-port',
    '0',
  ])
  const made = await fetch(`${mock.url}/v1/customers`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ name: 'Ada' }),
  })
  const { id } = (await made.json()) as { id: string }
  const path = `/v1/customers/${id}`
  const bytes = await (await fetch(`${mock.url}${path}`, { headers })).text()
  const raw = await startServer([join(root, 'bench/servers/raw.ts'), bytes])
  try {
    const ratios: number[] = []
    await load(raw.url, path, 1)
    await load(mock.url, path, 1)
    for (let round = 0; round < 5; round++) {
      const bar = await load(raw.url, path, 2)
      ratios.push((await load(mock.url, path, 2)) / bar)
    }
    return [
      {
        name: 'mock-get-vs-raw',
        value: median(ratios),
        unit: 'x',
        versus: 'raw node:http returning the same bytes',
        spread: spread(ratios),
      },
    ]
  } finally {
    raw.child.kill()
    mock.child.kill()
  }
}

/** Answers a second. Anything but 200 makes the figure worthless, so it is an error. */
async function load(url: string, path: string, seconds: number): Promise<number> {
  const result = await autocannon({ url: `${url}${path}`, connections: 32, duration: seconds, headers })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url} gave ${result.non2xx} bad answers and ${result.errors} errors`)
  return result['2xx'] / result.duration
}
