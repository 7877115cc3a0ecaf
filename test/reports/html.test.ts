import { describe, expect, test } from 'vitest'
import { htmlReport } from '../../src/reports/html.ts'
import { brokenResult, hostile, sampleReport, sampleResult } from './sample-report.ts'

/** Tags as a browser would see them: everything between < and >, names only. */
const tagsOf = (html: string) => [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, name]) => name?.toLowerCase())

describe('the HTML report', () => {
  test('loads nothing and runs nothing', () => {
    const html = htmlReport(sampleReport([brokenResult(), sampleResult()]))
    expect(html).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import|https?:|\son[a-z]+=/i)
    expect(html).toContain("default-src 'none'")
  })

  test.each(hostile)('shows %j as text wherever it can appear', (text) => {
    const calm = brokenResult({ subject: 'x', name: 'x', provider: 'x' })
    const step = { atMs: 0, from: 'shop', to: 'provider', text } as const
    const wild = brokenResult({
      name: text,
      subject: text,
      provider: text,
      promise: text,
      reason: text,
      violations: [{ invariant: text, promise: text, happened: text }],
      plan: [text],
      workload: [text],
      replay: text,
      history: [step, { atMs: 1, from: 'shop', text }],
    })
    const html = htmlReport(sampleReport([wild], { title: text, notes: [text] }))
    const expected = htmlReport(
      sampleReport(
        [
          {
            ...calm,
            reason: 'x',
            history: [
              { ...step, text: 'x' },
              { atMs: 1, from: 'shop', text: 'x' },
            ],
          },
        ],
        { notes: ['x'] },
      ),
    )

    expect(new Set(tagsOf(html))).toEqual(new Set(tagsOf(expected)))
    expect(html).not.toMatch(/<[^>]*\son[a-z]+\s*=/i)
    expect(html).not.toMatch(/[[\p{Cc}--[\n]]\u202e\ufffe\uffff]/v)
    expect(html.isWellFormed()).toBe(true)
  })

  test('draws each failure once for wide and once for narrow screens, and as a table', () => {
    const html = htmlReport(sampleReport([brokenResult(), brokenResult({ subject: 'other' }), sampleResult()]))
    expect(html.match(/<svg class="diagram wide"/g)).toHaveLength(2)
    expect(html.match(/<svg class="diagram narrow"/g)).toHaveLength(2)
    expect(html.match(/<table class="steps">/g)).toHaveLength(2)
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('leads from the table of scenarios to what did not hold', () => {
    const html = htmlReport(sampleReport([sampleResult({ subject: 'careful' }), brokenResult({ subject: 'careless' })]))
    expect(html).toContain('href="#failure-1"')
    expect(html).toContain('id="failure-1"')
  })

  test('cuts a history that nobody would read as a picture', () => {
    const history = Array.from({ length: 500 }, (_, atMs) => ({ atMs, from: 'shop', text: `step ${atMs}` }) as const)
    const html = htmlReport(sampleReport([brokenResult({ history })]))
    expect(html).toContain('420 more steps are left out here')
    expect(html).toContain('step 499')
    expect(html).not.toContain('step 250<')
  })

  test('follows light and dark', () => {
    expect(htmlReport(sampleReport([]))).toMatch(/prefers-color-scheme: dark/)
  })

  test('says so when nothing ran', () => {
    expect(htmlReport(sampleReport([]))).toContain('Nothing ran.')
  })
})
