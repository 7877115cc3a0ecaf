import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readVectors } from '../../src/cli/read-vectors.ts'
import { judgeVector } from '../../src/cli/webhook-vectors.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { otherVerdicts } from './other-verdicts.ts'

const folder = join(import.meta.dirname, '../data/webhook-vectors')
const listed = new Set(Object.values(otherVerdicts).flat())

const outcomes = readdirSync(folder).flatMap((file) =>
  readVectors(JSON.parse(readFileSync(join(folder, file), 'utf8')), file).map((vector) =>
    Object.assign({ file }, judgeVector(vector)),
  ),
)
const quirks = outcomes.filter(({ vector }) => vector.binding === 'quirk')

describe('the vectors of signed deliveries', () => {
  test('that bind every receiver get the right verdict', () => {
    const bound = outcomes.filter(({ vector }) => vector.binding === 'must')
    expect(bound.filter(({ agrees }) => !agrees)).toEqual([])
    expect(bound.length).toBe(1_426)
  })

  test('that record what one library does get its verdict, but for those in the table', () => {
    expect(
      quirks
        .filter(({ agrees }) => !agrees)
        .map(({ vector }) => vector.id)
        .sort(),
    ).toEqual([...listed].sort())
    expect(quirks.filter(({ agrees }) => agrees).length).toBe(208)
    expect(listed.size).toBe(51)
  })

  test('are named once, each in the file of its scheme', () => {
    const ids = outcomes.map(({ vector }) => vector.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { file, vector } of outcomes) {
      expect(file).toBe(`${vector.scheme}.json`)
      expect(vector.id.startsWith(`${vector.scheme}/`)).toBe(true)
    }
  })

  test('have both verdicts for every scheme that can refuse', () => {
    for (const scheme of new Set(outcomes.map(({ vector }) => vector.scheme))) {
      const verdicts = outcomes.filter(({ vector }) => vector.scheme === scheme && vector.binding === 'must')
      expect(new Set(verdicts.map(({ vector }) => vector.valid)).size).toBe(2)
    }
  })

  test('exist for every scheme that was tried against a library of its provider, but for those that share another', () => {
    const known = new Set(outcomes.map(({ vector }) => vector.scheme))
    const without = webhookProviders
      .map(({ webhooks }) => webhooks.scheme)
      .filter(({ id, confidence }) => confidence === 'verified' && !known.has(id))
    expect(without.map(({ id }) => id)).toEqual([
      'adyen-platform',
      'cloudinary-sha256',
      'easypost',
      'elevenlabs',
      'gocardless',
      'kontent-ai',
      'modern-treasury',
      'onfido',
      'resend',
      'shopify-events',
    ])
  })

  test('are refused for one reason whatever the scheme', () => {
    const reasons = (name: string) => [
      ...new Set(outcomes.filter(({ vector }) => vector.id.endsWith(`/${name}`)).map(({ reason }) => reason)),
    ]
    expect(reasons('tampered-timestamp')).toEqual(['signature_mismatch'])
    expect(reasons('expired')).toEqual(['too_old'])
    expect(reasons('alg-none')).toEqual(['algorithm_refused'])
    expect(reasons('cert-foreign-host')).toEqual(['key_refused'])
    expect(reasons('unknown-kid')).toEqual(['key_unknown'])
  })
})
