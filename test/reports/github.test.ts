import { describe, expect, test } from 'vitest'
import { githubAnnotations, githubSummary } from '../../src/reports/github.ts'
import { brokenResult, hostile, sampleReport, sampleResult } from './sample-report.ts'

describe('GitHub annotations', () => {
  test('point at the scenario and say what happened', () => {
    expect(githubAnnotations(sampleReport([brokenResult(), sampleResult()]))).toBe(
      '::error file=shop.config.ts,line=3,title=broken%3A charges once when the reply is lost::Order order-1 was charged twice.%0AReplay: npx goodfence replay .goodfence/one.json\n',
    )
  })

  test('stay within the ten that are shown, and count the rest', () => {
    const report = sampleReport(Array.from({ length: 30 }, () => brokenResult()))
    const lines = githubAnnotations(report).trim().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[9]).toContain('21 more')
  })

  test.each(hostile)('cannot be broken out of by %j', (text) => {
    const result = brokenResult({ name: text, replay: text, reason: text, violations: [], location: { file: text } })
    expect(
      githubAnnotations(sampleReport([result]))
        .trim()
        .split('\n'),
    ).toHaveLength(1)
  })
})

describe('the GitHub job summary', () => {
  test('gives the sum first and then each failure', () => {
    const text = githubSummary(sampleReport([brokenResult(), sampleResult()]))
    expect(text).toContain('2 scenarios: **1 hold**, **1 broken**, **0 unknown**')
    expect(text).toContain('plan     POST /v1/payment_intents, 1st attempt: lost-reply')
  })

  test('stays below the limit and says how many are missing', () => {
    const report = sampleReport(Array.from({ length: 200 }, () => brokenResult()))
    const text = githubSummary(report, { maxBytes: 5_000 })
    expect(Buffer.byteLength(text)).toBeLessThan(5_000)
    expect(text).toMatch(/\.\.\.and \d+ more/)
  })

  test.each(hostile)('shows %j as text', (text) => {
    const result = brokenResult({ name: text, promise: text, reason: text, violations: [], plan: ['````', text] })
    const outside = githubSummary(sampleReport([result], { title: text })).replace(/(`{3,})text\n[\s\S]*?\n\1\n/g, '')
    expect(outside).not.toMatch(/<(?!\/?(details|summary)>)/)
    expect(outside).not.toMatch(/\]\(|^::/m)
  })
})
