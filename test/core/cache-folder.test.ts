import { chmodSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { privateFolder } from '../../src/core/cache-folder.ts'

const fresh = () => mkdtempSync(join(tmpdir(), 'goodfence-cache-'))

test('a private folder is made, with those above it, for its owner alone', () => {
  const folder = join(fresh(), 'a/b')
  expect(privateFolder(folder)).toBe(folder)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('a folder that others can write to is closed to them', () => {
  const folder = fresh()
  chmodSync(folder, 0o777)
  expect(privateFolder(folder)).toBe(folder)
  expect(statSync(folder).mode & 0o022).toBe(0)
})

test('where a file stands there is none', () => {
  const file = join(fresh(), 'file')
  writeFileSync(file, '')
  expect(privateFolder(file)).toBeUndefined()
})
