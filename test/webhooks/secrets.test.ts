import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { fromEnv, fromFile } from '../../src/webhooks/secret-sources.ts'
import { fromStore } from '../../src/webhooks/secret-store.ts'
import { activeSecrets, faultOfSecret, type SecretList } from '../../src/webhooks/secrets.ts'

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()))

describe('secrets of a list', () => {
  test('are good from their first moment until their last', () => {
    const list: SecretList = [
      { value: 'next', notBefore: new Date(2_000), id: 'next' },
      'plain',
      { value: 'old', notAfter: new Date(3_000) },
      ' ',
      { value: '' },
    ]
    const at = (nowMs: number) => activeSecrets(list, nowMs).map(({ value, index }) => `${index} ${value}`)
    expect(at(1_999)).toEqual(['1 plain', '2 old'])
    expect(at(2_000)).toEqual(['0 next', '1 plain', '2 old'])
    expect(at(3_000)).toEqual(['0 next', '1 plain'])
  })
})

describe('a secret', () => {
  test.each([
    '',
    '  ',
    'changeme',
    'CHANGE-ME',
    'your_secret_here',
    'your-webhook-secret',
    'secret',
    'my_key',
    'password',
    'undefined',
    'null',
    '[object Object]',
    'xxxx',
    '<secret>',
    '${WEBHOOK_SECRET}',
    '$WEBHOOK_SECRET',
    '{{ secret }}',
    'process.env.SECRET',
    'whsec_',
    'whsec_changeme',
  ])('cannot be %j', (secret) => {
    expect(faultOfSecret(secret, 'whsec_')).toBeDefined()
  })

  test.each([
    'whsec_a',
    'hunter2',
    'whsec_docs',
    'secret-of-the-shop-7f',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'x',
    '$7rong-enough!',
  ])('may be %j', (secret) => {
    expect(faultOfSecret(secret, 'whsec_')).toBeUndefined()
  })
})

describe('secrets from the environment', () => {
  const ask = { account: '', clock: virtualClock() }

  test('are called by their variables and change with them', () => {
    process.env['TEST_HOOK_NEW'] = 'new-7f'
    cleanups.push(() => delete process.env['TEST_HOOK_NEW'])
    const source = fromEnv('TEST_HOOK_NEW', 'TEST_HOOK_OLD')
    expect(source(ask)).toEqual([{ id: 'TEST_HOOK_NEW', value: 'new-7f' }])
    process.env['TEST_HOOK_NEW'] = 'newer-7f'
    expect(source(ask)).toEqual([{ id: 'TEST_HOOK_NEW', value: 'newer-7f' }])
  })

  test('that are not set, or were never filled in, stop the start without being shown', () => {
    expect(() => fromEnv('TEST_HOOK_NONE')).toThrow(/TEST_HOOK_NONE\) has no signing secret/)
    process.env['TEST_HOOK_BAD'] = '${CANARY}'
    cleanups.push(() => delete process.env['TEST_HOOK_BAD'])
    expect(() => fromEnv('TEST_HOOK_BAD')).toThrow(/placeholder/)
    expect(() => fromEnv('TEST_HOOK_BAD')).not.toThrow(/CANARY/)
  })
})

describe('secrets from a file', () => {
  function fileWith(text: string) {
    const folder = mkdtempSync(join(tmpdir(), 'goodfence-secrets-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'stripe')
    const write = (next: string) => {
      writeFileSync(`${path}.next`, next)
      renameSync(`${path}.next`, path)
    }
    write(text)
    const clock = virtualClock()
    return { path, write, clock, remove: () => rmSync(path), ask: { account: '', clock } }
  }
  const values = (list: unknown) => (list as { value: string }[]).map(({ value }) => value)

  test('are its lines, newest first, each called by its place', () => {
    const { path, ask } = fileWith('new-7f\r\n\n  old-7f \n')
    expect(fromFile(path)(ask)).toEqual([
      { id: 'stripe:1', value: 'new-7f' },
      { id: 'stripe:2', value: 'old-7f' },
    ])
  })

  test('may be keys in PEM', () => {
    const pem = (text: string) => `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----`
    const { path, ask } = fileWith(`${pem('AAAA')}\n${pem('BBBB')}\n`)
    expect(values(fromFile(path)(ask))).toEqual([pem('AAAA'), pem('BBBB')])
  })

  test('are read again within a second of a change, and looked at no more often', async () => {
    const { path, write, clock, ask } = fileWith('first-7f')
    const source = fromFile(path)
    expect(values(source(ask))).toEqual(['first-7f'])
    write('second-7f\nfirst-7f')
    expect(values(source(ask))).toEqual(['first-7f'])
    await clock.advance(1_000)
    expect(values(source(ask))).toEqual(['second-7f', 'first-7f'])
  })

  test('cannot be had while the file is away or empty', async () => {
    const { path, write, remove, clock, ask } = fileWith('first-7f')
    const source = fromFile(path)
    remove()
    await clock.advance(1_000)
    expect(() => source(ask)).toThrow(/no signing secret/)
    write('')
    await clock.advance(1_000)
    expect(() => source(ask)).toThrow(/no signing secret/)
    write('third-7f')
    await clock.advance(1_000)
    expect(values(source(ask))).toEqual(['third-7f'])
  })

  test('that nobody has filled in yet do not keep the others away', async () => {
    const { path, write, clock, ask } = fileWith('first-7f')
    const source = fromFile(path)
    write('<secret>\nfirst-7f')
    await clock.advance(1_000)
    expect(activeSecrets(source(ask) as SecretList, 0).map(({ id }) => id)).toEqual(['stripe:2'])
  })

  test('that are not there stop the start', () => {
    expect(() => fromFile('/nowhere/at-all')).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => fromFile(fileWith('\n').path)).toThrow(/no signing secret/)
  })
})

describe('secrets from a store', () => {
  function store(answers: (account: string, nth: number) => Promise<SecretList | undefined>) {
    const clock = virtualClock()
    const asked: string[] = []
    const source = fromStore((account) => answers(account, asked.push(account)), { timeoutMs: 2_000 })
    const get = (account = 'a') => clock.run(async () => source({ account, clock }))
    return { clock, asked, get, source }
  }

  test('are asked for once by many deliveries, and remembered for a minute', async () => {
    const { clock, asked, get, source } = store(async (account) => [`${account}-7f`])
    const all = await clock.run(() => Promise.all([1, 2, 3].map(async () => source({ account: 'a', clock }))))
    expect(all).toEqual([['a-7f'], ['a-7f'], ['a-7f']])
    expect(await get()).toEqual(['a-7f'])
    expect(await get('b')).toEqual(['b-7f'])
    expect(asked).toEqual(['a', 'b'])
    await clock.advance(60_000)
    await get()
    expect(asked).toEqual(['a', 'b', 'a'])
  })

  test('are the last known ones while the store fails, for a quarter of an hour', async () => {
    const { clock, asked, get } = store(async (_, nth) => {
      if (nth > 1) throw new Error('vault sealed')
      return ['a-7f']
    })
    await get()
    await clock.advance(60_000)
    expect(await get()).toEqual(['a-7f'])
    expect(await get()).toEqual(['a-7f'])
    expect(asked).toHaveLength(2) // the store that failed is left alone for a while
    await clock.advance(900_000)
    await expect(get()).rejects.toThrow('vault sealed')
  })

  test('are not waited for longer than their time', async () => {
    const { clock, get } = store(() => new Promise(() => {}))
    await expect(get()).rejects.toMatchObject({ code: 'timeout' })
    expect(clock.monotonic()).toBe(2_000)
  })

  test('of accounts that somebody makes up cannot flood the store', async () => {
    const { clock, asked, source } = store(() => new Promise(() => {}))
    const all = Array.from({ length: 1_000 }, async (_, at) => source({ account: `made-up-${at}`, clock }))
    const ends = await clock.run(() => Promise.allSettled(all))
    expect(asked).toHaveLength(64)
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']))
  })

  test('that are known still count while made-up accounts keep the store busy', async () => {
    const { clock, get, source } = store((account) =>
      account === 'a' ? Promise.resolve(['a-7f']) : new Promise(() => {}),
    )
    await get()
    await clock.advance(60_000)
    const all = Array.from({ length: 64 }, async (_, at) => source({ account: `made-up-${at}`, clock }))
    expect(await source({ account: 'a', clock })).toEqual(['a-7f'])
    await clock.run(() => Promise.allSettled(all))
    await clock.advance(900_000)
    const more = Array.from({ length: 64 }, async (_, at) => source({ account: `made-up-${at}`, clock }))
    await expect(source({ account: 'a', clock })).rejects.toMatchObject({ code: 'timeout' })
    await clock.run(() => Promise.allSettled(more))
  })

  test('of an account that there is not are asked for again', async () => {
    const { asked, get } = store(async (_, nth) => (nth === 1 ? undefined : ['a-7f']))
    expect(await get()).toBeUndefined()
    expect(await get()).toEqual(['a-7f'])
    expect(asked).toHaveLength(2)
  })
})
