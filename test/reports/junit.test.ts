import { describe, expect, test } from 'vitest'
import { junitReport } from '../../src/reports/junit.ts'
import { brokenResult, hostile, sampleReport, sampleResult } from './sample-report.ts'

const unknown = sampleResult({ verdict: 'unknown', reason: 'The subject hung.' })

describe('the JUnit report', () => {
  test('counts broken and unknown as failures, in one suite per subject', () => {
    const xml = junitReport(sampleReport([brokenResult(), unknown, sampleResult({ subject: 'other' })]))
    expect(xml).toContain('<testsuites name="Stripe scenarios" tests="3" failures="2" errors="0" time="4.210">')
    expect(xml).toContain('<testsuite name="checkout" tests="2" failures="2"')
    expect(xml).toContain('<testsuite name="other" tests="1" failures="0"')
    expect(xml).toContain('<failure type="at-most-once" message="Order order-1 was charged twice.">')
    expect(xml).toContain('<failure type="unknown" message="The subject hung.">')
    expect(xml).toContain('file="shop.config.ts" line="3"')
  })

  test.each(hostile)('stays well-formed with %j everywhere', (text) => {
    const wild = brokenResult({
      name: text,
      subject: text,
      provider: text,
      promise: text,
      reason: text,
      replay: text,
      violations: [],
    })
    const xml = junitReport(sampleReport([wild], { title: text }))
    const markup = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '')
    expect(markup).not.toMatch(/<(?!\/?(testsuites|testsuite|testcase|properties|property|failure)[\s>]|\?xml)/)
    expect(markup).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
    expect(xml).not.toMatch(/[[\p{Cc}--[\n]]\u202e\ufffe\uffff]/v)
    expect(xml.isWellFormed()).toBe(true)
  })
})
