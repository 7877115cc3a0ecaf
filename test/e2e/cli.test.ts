import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCliProcess, startMock } from '../support/cli-process.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'goodfence-cli-'))
  const file = (name: string, text: string) => writeFileSync(join(folder, name), text)
  file('empty.yaml', '')
  file('broken.yaml', 'openapi: 3.0.0\ninfo: [unclosed\npaths: {}\n')
  file('broken.json', '{ "openapi": "3.0.0", "info": ')
  file('other.yaml', 'kind: Deployment\nmetadata: {}\n')
  file('swagger.yaml', 'swagger: "2.0"\ninfo: { title: Old, version: "1" }\npaths: {}\n')
  file(
    'dangling.yaml',
    'openapi: 3.0.0\ninfo: { title: Dangling, version: "1" }\npaths: { /a: { $ref: "./nowhere.yaml#/a" } }\n',
  )
  file('plan-kind.json', '{ "faults": [{ "fault": { "kind": "lost-replay" } }] }')
  file('plan-field.json', '{ "faults": [{ "on": { "opertion": "GET /v1/customers" }, "fault": { "kind": "reset" } }] }')
  file(
    'plan-operation.json',
    '{ "faults": [{ "on": { "operation": "GET /v1/x" }, "fault": { "kind": "duplicate", "copies": 2 } }] }',
  )
  file('plan-event.json', '{ "faults": [{ "on": { "event": "paymnt_intent.*" }, "fault": { "kind": "drop" } }] }')
  file('plan-broken.json', '{ "faults": [')
  file('bundle.json', '{ "version": 99 }')
  file('nothing.json', '{}')
  file('pets.json', '{ "openapi": "3.0.0", "info": { "title": "Pets", "version": "1" }, "paths": {} }')
  file('throws.config.ts', 'throw new Error("no database here")\n')
  file('empty.config.ts', 'export const x = 1\n')
})

describe('a mistake ends with 2 and says what, where and how to mend it', () => {
  test.each([
    [[], 'Usage: goodfence'],
    [['mok'], 'There is no command "mok". Did you mean "mock"?'],
    [['mock'], 'needs <document-or-provider>'],
    [['mock', 'stripe', '--prot', '1'], 'no option --prot. Did you mean "--port"?'],
    [['mock', 'strip'], '"strip" is neither a provider nor a file. Did you mean "stripe"?'],
    [['mock', './nowhere.yaml'], 'nowhere.yaml'],
    [['mock', 'empty.yaml'], 'empty.yaml'],
    [['mock', 'broken.yaml'], 'broken.yaml'],
    [['mock', 'broken.json'], 'broken.json'],
    [['mock', 'other.yaml'], 'other.yaml'],
    [['mock', 'dangling.yaml'], 'nowhere.yaml'],
    [['mock', 'stripe', '--plan', 'plan-none.json'], 'plan-none.json does not exist'],
    [['mock', 'stripe', '--plan', 'plan-broken.json'], 'plan-broken.json is not JSON'],
    [['mock', 'stripe', '--plan', 'plan-kind.json'], 'Did you mean "lost-reply"?'],
    [['mock', 'stripe', '--plan', 'plan-field.json'], 'opertion'],
    [['mock', 'stripe', '--plan', 'plan-operation.json'], 'operation'],
    [['mock', 'stripe', '--plan', 'plan-event.json'], 'paymnt_intent.*'],
    [['mock', 'stripe', '--engine', 'prsm'], 'Did you mean "prism"?'],
    [['mock', 'stripe', '--webhook-url', 'nowhere'], '--webhook-url needs a whole URL'],
    [['mock', 'stripe', '--webhook-url', 'ftp://127.0.0.1/'], '--webhook-url needs a whole URL'],
    [
      ['mock', 'pets.json', '--webhook-url', 'http://127.0.0.1:9/'],
      '--webhook-url has no effect: webhooks are sent only by mocks of stripe. Leave it out.',
    ],
    [
      ['mock', 'stripe', '--no-state', '--webhook-url', 'http://127.0.0.1:9/'],
      '--webhook-url has no effect: without state nothing happens that a webhook tells of. Leave it out.',
    ],
    [
      ['mock', 'stripe', '--engine', 'prism', '--webhook-url', 'http://127.0.0.1:9/'],
      '--webhook-url has no effect: Prism sends no webhooks. Leave it out.',
    ],
    [['mock', 'stripe', '--port', '70000'], '--port needs a whole number from 0 to 65535'],
    [['generate', 'pets.json', '--out', 'nothing.json'], 'nothing.json'],
    [['test', 'nowhere.config.ts'], 'nowhere.config.ts'],
    [['test', 'throws.config.ts'], 'no database here'],
    [['test', 'empty.config.ts'], 'export default defineConfig'],
    [['replay', 'nowhere.json'], 'nowhere.json does not exist or cannot be read'],
    [['replay', 'bundle.json'], 'bundle.json'],
    [['replay', 'nothing.json'], 'nothing.json'],
    [['generate', 'broken.yaml', '--out', 'x'], 'broken.yaml'],
    [['generate', 'empty.yaml'], '--out DIR'],
  ])('goodfence %j', async (args, words) => {
    const { code, stdout, stderr } = await runCliProcess(args, { cwd: folder })
    expect(stdout + stderr).toContain(words)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(2)
  })

  test('a taken port', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    const { port } = squatter.address() as AddressInfo
    const { code, stderr } = await runCliProcess(['mock', 'stripe', '--port', String(port), '--admin-port', '0'])
    squatter.close()
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken`)
    expect(stderr).toContain('another port')
    expect(code).toBe(2)
  })
})

describe('goodfence mock', () => {
  test('says on stdout where it listens, one line per document, and nothing else', async () => {
    await using mock = await startMock(['stripe', 'specs/stripe/openapi.yaml'], 2)
    expect(mock.urls).toHaveLength(2)
    const { stdout, code } = await mock.stop()
    expect(stdout).toBe(mock.urls.map((url) => `goodfence mock listening on ${url}\n`).join(''))
    expect(code).toBe(0)
  })

  test('answers anything a stranger sends with a proper 4xx and keeps running', async () => {
    await using mock = await startMock(['stripe'])
    const url = mock.urls[0]!
    const key = { authorization: 'Bearer sk_test_x' }
    const strange: [string, RequestInit][] = [
      ['/', {}],
      ['/v1/customers', {}],
      ['/v1/nothing', { headers: key }],
      ['/v1/customers', { method: 'PATCH', headers: key }],
      ['/v1/customers/%E0%A4%A', { headers: key }],
      ['/v1/customers', { method: 'POST', headers: { ...key, 'content-type': 'application/json' }, body: '{"a":' }],
      [
        '/v1/customers',
        {
          method: 'POST',
          headers: { ...key, 'content-type': 'application/x-www-form-urlencoded' },
          body: '__proto__[x]=1',
        },
      ],
      [
        '/v1/customers',
        {
          method: 'POST',
          headers: { ...key, 'content-type': 'application/x-www-form-urlencoded' },
          body: `a${'[b]'.repeat(5_000)}=1`,
        },
      ],
      [
        '/v1/customers',
        {
          method: 'POST',
          headers: { ...key, 'idempotency-key': 'k'.repeat(300) },
          body: new URLSearchParams({ name: 'x' }),
        },
      ],
      ['/v1/customers', { method: 'POST', headers: key, body: 'x'.repeat(12_000_000) }],
    ]
    for (const [path, init] of strange) {
      const response = await fetch(`${url}${path}`, init)
      expect([path, response.status]).toEqual([
        path,
        expect.toSatisfy((status: number) => status >= 400 && status < 500),
      ])
      await response.body?.cancel()
    }
    expect((await fetch(`${url}/v1/customers`, { headers: key })).status).toBe(200)
  })
})

test('a mock of which no webhooks are known is announced as no sender of any', async () => {
  await using mock = await startMock(['stripe', join(folder, 'pets.json'), '--webhook-url', 'http://127.0.0.1:9/'], 2)
  const { stderr } = await mock.stop()
  expect(stderr.match(/^goodfence webhooks of .*$/gm)).toEqual([
    expect.stringMatching(/^goodfence webhooks of stripe go to http:\/\/127\.0\.0\.1:9\/ secret /),
  ])
})

describe('goodfence mock --engine prism', () => {
  test('lets Prism answer, with the same plan in front', async () => {
    writeFileSync(
      join(folder, 'prism.json'),
      '{ "faults": [{ "on": { "operation": "GET /v1/customers", "nth": [2] }, "fault": { "kind": "html-error", "status": 502 } }] }',
    )
    await using mock = await startMock(['stripe', '--engine', 'prism', '--plan', join(folder, 'prism.json')])
    const list = () => fetch(`${mock.urls[0]}/v1/customers`, { headers: { authorization: 'Bearer sk_test_x' } })
    const first = await list()
    expect(first.status).toBe(200)
    expect(await first.json()).toMatchObject({ object: 'list' })
    expect((await list()).status).toBe(502)
    expect((await list()).status).toBe(200)
  })

  test('refuses delivery faults by name', async () => {
    writeFileSync(join(folder, 'deliveries.json'), '{ "faults": [{ "fault": { "kind": "duplicate", "copies": 2 } }] }')
    const { code, stderr } = await runCliProcess(['mock', 'stripe', '--engine', 'prism', '--plan', 'deliveries.json'], {
      cwd: folder,
    })
    expect(stderr).toContain('"duplicate", a delivery fault')
    expect(code).toBe(2)
  })
})

describe('goodfence mock of any document', () => {
  test('keeps what it is given', async () => {
    writeFileSync(
      join(folder, 'pets.yaml'),
      `openapi: 3.1.0
info: { title: Pets, version: "1" }
paths:
  /pets:
    get: { responses: { "200": { description: All, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
      responses: { "201": { description: Made, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }
  /pets/{petId}:
    parameters: [{ name: petId, in: path, required: true, schema: { type: string } }]
    get: { responses: { "200": { description: One, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } } }
    delete: { responses: { "204": { description: Gone } } }
components:
  schemas:
    Pet: { type: object, required: [name], properties: { id: { type: string, readOnly: true }, name: { type: string } } }
`,
    )
    await using mock = await startMock([join(folder, 'pets.yaml')])
    const url = `${mock.urls[0]}/pets`
    const json = { 'content-type': 'application/json' }
    const made = await fetch(url, { method: 'POST', headers: json, body: '{ "name": "Rex" }' })
    expect(made.status).toBe(201)
    const { id } = (await made.json()) as { id: string }
    expect(await (await fetch(`${url}/${id}`)).json()).toMatchObject({ id, name: 'Rex' })
    expect(await (await fetch(url)).json()).toEqual([expect.objectContaining({ id })])
    expect((await fetch(url, { method: 'POST', headers: json, body: '{}' })).status).toBe(400)
    expect((await fetch(`${url}/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(`${url}/${id}`)).status).toBe(404)
  })
})

test('generate writes types and a client', async () => {
  const { code, stdout } = await runCliProcess([
    'generate',
    'specs/stripe/openapi.yaml',
    '--out',
    join(folder, 'generated'),
  ])
  expect(code).toBe(0)
  const files = stdout.trim().split('\n')
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) expect(existsSync(file)).toBe(true)
})

test('a reader that has seen enough is no failure', async () => {
  const child = spawn(process.execPath, ['--conditions=goodfence-source', join(root, 'src/cli/main.ts'), 'doctor'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  let told = ''
  child.stderr.on('data', (chunk) => (told += String(chunk)))
  await once(child, 'close')
  expect(told).toBe('')
})

test('an older Node is told what is missing, in a line', async () => {
  const asIf = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); await import('${join(root, 'src/cli/main.ts')}')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', asIf], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  child.stderr.on('data', (chunk) => (told += String(chunk)))
  expect(await once(child, 'close')).toEqual([2, null])
  expect(told).toBe('goodfence: Node.js 20.20.2 is too old: install 24.18 or newer.\n')
})

test('a signal that comes twice ends the mock as one does', async () => {
  await using mock = await startMock(['stripe'])
  void mock.stop('SIGINT')
  expect(await mock.stop('SIGINT')).toMatchObject({ code: 0 })
})

test('every command has a help page', async () => {
  const grouped = ['webhook', 'webhook send', 'webhook verify', 'webhook inbox', 'webhook replay']
  for (const name of ['mock', 'test', 'explore', 'replay', 'generate', ...grouped, 'doctor']) {
    const { code, stdout } = await runCliProcess([...name.split(' '), '--help'])
    expect(stdout).toContain(`Usage: goodfence ${name}`)
    expect(code).toBe(0)
  }
})

test('doctor tells what is there', async () => {
  const { stdout } = await runCliProcess(['doctor'])
  expect(stdout).toMatch(/ok +Node\.js +24\./)
  expect(stdout).toMatch(/ok +msw/)
})
