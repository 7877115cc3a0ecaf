import { describe, expect, test } from 'vitest'
import { readDuration } from '../../src/cli/read-duration.ts'
import { exitCodes, runCli } from '../../src/cli/run-cli.ts'

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0s', 0],
  ])('%s is read', (text, ms) => {
    expect(readDuration('--budget', text)).toBe(ms)
  })

  test.each(['60', 's', '-1s', '60 s', '1m30s', '60S', '1e3s', 'ms60'])('"%s" is refused', (text) => {
    expect(() => readDuration('--budget', text)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `--budget cannot be "${text}". Write it as 500ms, 60s or 5m.`,
      }),
    )
  })
})

test('a budget that is no duration ends explore with 2 before anything is loaded', async () => {
  let said = ''
  const deaf = { write: () => {} }
  const stderr = { write: (text: string) => (said += text) }
  const world = { stdout: deaf, stderr, cwd: '/nowhere', colour: false, signal: new AbortController().signal }
  expect(await runCli(['explore', '--budget', 'soon'], world)).toBe(exitCodes.usage)
  expect(said).toBe('goodfence: --budget cannot be "soon". Write it as 500ms, 60s or 5m.\n')
})
