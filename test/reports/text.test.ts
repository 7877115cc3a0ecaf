import { describe, expect, test } from 'vitest'
import { textReport } from '../../src/reports/text.ts'
import { brokenResult, hostile, sampleReport, sampleResult } from './sample-report.ts'

describe('the text report', () => {
  test('tells promise, event, plan, history and replay command of a failure', () => {
    const text = textReport(sampleReport([brokenResult(), sampleResult({ name: 'ignores a forged event' })]))
    expect(text).toContain('✓ holds    ignores a forged event')
    expect(text).toContain('promised   An order is charged at most once.')
    expect(text).toContain('happened   Order order-1 was charged twice.')
    expect(text).toContain('plan       POST /v1/payment_intents, 1st attempt: lost-reply')
    expect(text).toContain('creates payment_intent pi_2  <-- here')
    expect(text).toContain('replay     npx goodfence replay .goodfence/one.json')
    expect(text).toContain('2 scenarios: 1 hold, 1 broken, 0 unknown. Seed 7, 4.21 s.')
  })

  test('gives the reason of an unknown verdict', () => {
    const result = sampleResult({ verdict: 'unknown', reason: 'The subject threw at start.' })
    const text = textReport(sampleReport([result]))
    expect(text).toContain('happened   The subject threw at start.')
    expect(text).toContain('1 scenario: 0 hold, 0 broken, 1 unknown.')
  })

  test('gives one reason once, however many it is the reason of', () => {
    const unknown = { verdict: 'unknown', reason: 'The subject threw at start.' } as const
    const results = [
      sampleResult(unknown),
      sampleResult({ ...unknown, name: 'two' }),
      sampleResult({ ...unknown, name: 'three', subject: 'other' }),
      brokenResult({ name: 'four' }),
      brokenResult({ name: 'five' }),
    ]
    const text = textReport(sampleReport(results))
    expect(text.match(/The subject threw at start\./g)).toHaveLength(2)
    expect(text.match(/and 1 more for the same reason/g)).toHaveLength(1)
    expect(text.match(/Order order-1 was charged twice\./g)).toHaveLength(2)
    for (const name of ['two', 'three']) expect(text).toMatch(new RegExp(`\\? unknown  +${name}`))
  })

  test('says that no fault was needed', () => {
    expect(textReport(sampleReport([brokenResult({ plan: [] })]))).toContain('no fault is needed')
  })

  test('colours only when asked', () => {
    const report = sampleReport([brokenResult()])
    expect(textReport(report)).not.toContain('\u001b')
    expect(textReport(report, { colour: true })).toContain('\u001b[31m')
  })

  test.each(hostile)('gives the terminal nothing to obey in %j', (text) => {
    const shown = textReport(sampleReport([brokenResult({ name: text, promise: text, reason: text, replay: text })]))
    expect(shown).not.toMatch(/[[\p{Cc}--[\n]]\u202e\ufffe\uffff]/v)
  })

  test('says so when nothing ran', () => {
    expect(textReport(sampleReport([]))).toBe('Nothing ran. Seed 7.\n')
  })
})
