import { describe, expect, test } from 'vitest'
import { ctrfReport } from '../../src/reports/ctrf.ts'
import { brokenResult, sampleReport, sampleResult } from './sample-report.ts'

describe('the CTRF report', () => {
  const unknown = sampleResult({ name: 'hangs', verdict: 'unknown', reason: 'The subject hung.' })
  const document = ctrfReport(sampleReport([brokenResult(), unknown, sampleResult()]))

  test('sums up in whole milliseconds', () => {
    const start = Date.UTC(2026, 0, 2, 3, 4, 5)
    expect(document.results.summary).toEqual({
      tests: 3,
      passed: 1,
      failed: 2,
      skipped: 0,
      pending: 0,
      other: 0,
      suites: 1,
      start,
      stop: start + 4210,
      duration: 4210,
    })
  })

  test('shows an unknown verdict as failed, with its reason', () => {
    expect(document.results.tests[1]).toMatchObject({
      name: 'hangs',
      status: 'failed',
      rawStatus: 'unknown',
      message: 'The subject hung.',
    })
  })

  test('carries what is needed to replay a failure', () => {
    expect(document.results.tests[0]?.extra).toMatchObject({
      seed: 7,
      replay: 'npx goodfence replay .goodfence/one.json',
    })
    expect(document.results.tests[0]?.trace).toContain('<-- here')
  })

  test('is the same after a journey through JSON', () => {
    const sent: unknown = JSON.parse(JSON.stringify(document))
    expect(sent).toMatchObject({
      reportFormat: 'CTRF',
      specVersion: '1.0.0',
      results: { tests: [{ suite: ['stripe', 'checkout'] }, {}, {}] },
    })
  })
})
