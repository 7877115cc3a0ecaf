import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { specsCheck } from '../../scripts/specs-check.ts'

let folder: string
let lines: string[]
const check = (from: string | undefined) => specsCheck(from, (line) => void lines.push(line))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'goodfence-specs-'))
  lines = []
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the check of our slices', () => {
  test('is skipped with one line where no folder is named', () => {
    expect(check(undefined)).toBe(0)
    expect(lines).toEqual([
      'specs:check skipped: set GOODFENCE_OFFICIAL_SPECS to the folder that holds the official documents.',
    ])
  })

  test('fails where the folder lacks a document', () => {
    expect(check(folder)).toBe(1)
    expect(lines).toEqual([
      `stripe/openapi.yaml: There is neither stripe.yaml nor stripe.json in ${folder}. GOODFENCE_OFFICIAL_SPECS names that folder.`,
    ])
  })

  test('fails where the document is none', () => {
    writeFileSync(join(folder, 'stripe.json'), '{"openapi":"3.0.0"}')
    expect(check(folder)).toBe(1)
    expect(lines).toEqual([
      `stripe/openapi.yaml: ${join(folder, 'stripe.json')} is no OpenAPI document: it has no paths.`,
    ])
  })

  test('fails where the document cannot be parsed', () => {
    writeFileSync(join(folder, 'stripe.yaml'), 'paths: [')
    expect(check(folder)).toBe(1)
    expect(lines.join()).toContain(join(folder, 'stripe.yaml'))
  })

  test('names what differs and counts it', () => {
    writeFileSync(join(folder, 'stripe.yaml'), 'paths: {}')
    expect(check(folder)).toBe(1)
    expect(lines).toContain('stripe/openapi.yaml: /v1/payment_intents: does not exist there')
    expect(lines.at(-1)).toMatch(/^stripe\/openapi\.yaml: 0 operations, \d+ differences from the official document\.$/)
  })

  test('holds for a document that contains the slice, and says it in other words', () => {
    writeFileSync(join(folder, 'stripe.json'), JSON.stringify(load(readSlice()), withoutWords))
    expect(check(folder)).toBe(0)
    expect(lines).toEqual(['stripe/openapi.yaml: 45 operations, 0 differences from the official document.'])
  })

  test('fails where words were taken over', () => {
    writeFileSync(join(folder, 'stripe.yaml'), readSlice())
    expect(check(folder)).toBe(1)
    expect(lines).toContain(
      "stripe/openapi.yaml: /paths//v1/customers/get/description: has the official document's own words: answers a page of customers the newest first",
    )
  })
})

const withoutWords = (key: string, value: unknown) =>
  typeof value === 'string' && (key === 'description' || key === 'summary') ? '' : value

function readSlice(): string {
  return readFileSync(join(import.meta.dirname, '../../specs/stripe/openapi.yaml'), 'utf8')
}
