import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { github } from '../../src/providers/webhooks/github.ts'
import { sign } from '../../src/webhooks/signature.ts'

const body = Buffer.from('{"zen":"Keep it logically awesome."}')
const secret = 'It is a secret'

/** A vector of GitHub, but for what is said otherwise. */
function vector(changed: Record<string, unknown> = {}): Record<string, unknown> {
  const { headers } = sign(github.webhooks.scheme, { secret, body, timestampMs: 0 })
  const request = {
    method: 'POST',
    url: 'https://shop.test/hooks',
    headers: Object.entries(headers),
    body_base64: body.toString('base64'),
  }
  const keys = [{ role: 'shared_secret', format: 'utf8', value: secret }]
  return {
    id: 'github/one',
    scheme: 'github',
    request,
    keys,
    config: {},
    now: 0,
    valid: true,
    binding: 'must',
    ...changed,
  }
}

async function verified(file: unknown): Promise<{ code: number; out: string[]; errors: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'goodfence-vectors-'))
  writeFileSync(join(folder, 'vectors.json'), typeof file === 'string' ? file : JSON.stringify(file))
  let out = ''
  let errors = ''
  const world = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (errors += text) },
    cwd: folder,
    colour: false,
    signal: new AbortController().signal,
  }
  const code = await runCli(['webhook', 'verify', '--vectors', 'vectors.json'], world)
  return { code, out: out.trimEnd().split('\n'), errors: errors.replace(folder, '') }
}

describe('webhook verify --vectors', () => {
  test('counts right verdicts and ends with 0', async () => {
    expect(await verified({ vectors: [vector(), vector({ keys: [], valid: false })] })).toMatchObject({
      code: 0,
      out: ['2 passed, 0 failed'],
    })
  })

  test('names each wrong verdict with what was expected and why it was not so, and ends with 1', async () => {
    const wrong = [vector({ valid: false }), vector({ id: 'github/two', description: 'a stale key', keys: [] })]
    expect(await verified({ vectors: [vector(), ...wrong] })).toMatchObject({
      code: 1,
      out: [
        'failed: github/one: expected refused, got accepted',
        'failed: github/two (a stale key): expected accepted, got refused as signature_mismatch',
        '1 passed, 2 failed',
      ],
    })
  })

  test('shows a quirk that we do not share and counts none', async () => {
    const quirks = [vector({ binding: 'quirk' }), vector({ id: 'github/two', binding: 'quirk', valid: false })]
    expect(await verified({ vectors: [vector(), ...quirks] })).toMatchObject({
      code: 0,
      out: [
        'quirk: github/two: expected refused, got accepted',
        '2 quirks, not counted: 1 as recorded, 1 otherwise',
        '1 passed, 0 failed',
      ],
    })
  })

  test('fails a vector of a scheme that does not exist, also one that is to be refused', async () => {
    expect(await verified({ vectors: [vector({ scheme: 'gitbub', valid: false })] })).toMatchObject({
      code: 1,
      out: ['failed: github/one: There is no webhook scheme "gitbub". Did you mean "github"?', '0 passed, 1 failed'],
    })
  })

  test('reads a file that begins with a byte order mark', async () => {
    expect(await verified(`\uFEFF${JSON.stringify({ vectors: [vector()] })}`)).toMatchObject({ code: 0 })
  })

  test('takes settings that no scheme knows, of any type', async () => {
    const vectors = [vector({ config: { tenant: 7, notes: ['a'] } })]
    expect(await verified({ vectors })).toMatchObject({ code: 0 })
  })

  test('speaks of one quirk in the singular', async () => {
    const { out } = await verified({ vectors: [vector(), vector({ binding: 'quirk' })] })
    expect(out[0]).toBe('1 quirk, not counted: 1 as recorded, 0 otherwise')
  })

  test.each<[string, unknown, string]>([
    ['/request/headers/0/0', { headers: [['a\nb', 'c']] }, 'must be the name of a header'],
    [
      '/request/headers/1/1',
      {
        headers: [
          ['a', 'b'],
          ['c', 'd\ne'],
        ],
      },
      'must be one line without NUL',
    ],
    ['/request/body_base64', { body_base64: '***' }, 'must be base64'],
    ['/request/body_base64', { body_base64: 'e30' }, 'must be base64, with its padding'],
    ['/request/url', { url: 'not a url' }, 'must be a whole URL'],
    ['/request/url', { url: 7 }, 'must be text'],
    ['/request/method', { method: 'PO ST' }, 'must be a method'],
    ['/request/method', { method: undefined }, 'must be text'],
  ])('refuses a vector that no delivery can be made of at %s (%j)', async (place, request, must) => {
    const whole = vector({ valid: false })
    const broken = { ...whole, request: { ...(whole['request'] as object), ...(request as object) } }
    const { code, out, errors } = await verified({ vectors: [vector(), broken] })
    expect([code, out]).toEqual([2, ['']])
    expect(errors).toContain(`/vectors/1${place} ${must}`)
    expect(errors).toContain('(vector "github/one")')
  })

  test.each<[string, Record<string, unknown>]>([
    ['/keys/0/value must be text or an object', { keys: [{ value: 7 }] }],
    ['/keys/0/id must be text', { keys: [{ id: 7, value: secret }] }],
    ['/config must be an object', { config: ['a'] }],
    ['/description must be text', { description: {} }],
  ])('refuses a vector because %s', async (message, changed) => {
    const { code, errors } = await verified({ vectors: [vector({ valid: false, ...changed })] })
    expect([code, errors]).toEqual([2, expect.stringContaining(`/vectors/0${message} (vector "github/one")`)])
  })

  test.each([[[]], [[vector({ binding: 'quirk' })]]])('ends with 3 where nothing counts', async (vectors) => {
    expect(await verified({ vectors })).toMatchObject({ code: 3 })
  })

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'is not JSON'],
    ['no list', { vectors: {} }, '/vectors must be a list'],
    ['no id', { vectors: [vector(), vector({ id: 7 })] }, '/vectors/1/id must be text'],
    ['no clock', { vectors: [vector({ now: 'soon' })] }, '/vectors/0/now must be a number'],
    ['no request', { vectors: [vector({ request: null })] }, '/vectors/0/request must be an object'],
    ['no binding', { vectors: [vector({ binding: 'may' })] }, '/vectors/0/binding must be "must" or "quirk"'],
    ['no key', { vectors: [vector({ keys: ['a'] })] }, '/vectors/0/keys/0 must be an object'],
    [
      'a header without a value',
      {
        vectors: [
          vector({ request: { method: 'GET', url: 'https://a.test', headers: [['a', 'b'], ['c']], body_base64: '' } }),
        ],
      },
      '/vectors/0/request/headers/1 must be a list of a name and a value',
    ],
  ])('refuses a file with %s, and names the place', async (_, file, message) => {
    const { code, errors } = await verified(file)
    expect(code).toBe(2)
    expect(errors).toContain('/vectors.json')
    expect(errors).toContain(message)
  })

  test('refuses a file that does not exist, a missing option and a second word that is no command', async () => {
    const run = async (...args: string[]) => {
      let errors = ''
      const stderr = { write: (text: string) => (errors += text) }
      const world = { stdout: stderr, stderr, cwd: '/', colour: false, signal: new AbortController().signal }
      return [await runCli(['webhook', ...args], world), errors]
    }
    expect(await run('verify', '--vectors', 'none.json')).toEqual([2, expect.stringContaining('does not exist')])
    expect(await run('verify')).toEqual([2, expect.stringContaining('--vectors FILE')])
    expect(await run('verfy')).toEqual([2, expect.stringContaining('"webhook verify"')])
  })
})
