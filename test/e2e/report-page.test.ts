import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlReport } from '../../src/reports/html.ts'
import { careless } from '../../examples/checkout/careless/goodfence.config.ts'
import { runSuite } from '../../src/scenarios/suite.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
if (executablePath === undefined)
  console.log('report page: skipped, there is no Chromium on this machine (Debian: apt-get install chromium)')

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe.skipIf(executablePath === undefined)('the report page in a browser without scripts', () => {
  let browser: Browser
  let url: string
  beforeAll(async () => {
    const { report } = await runSuite({ provider: 'stripe', subject: careless }, { grep: 'lost' })
    const file = join(mkdtempSync(join(tmpdir(), 'goodfence-page-')), 'report.html')
    writeFileSync(file, htmlReport(report))
    url = `file://${file}`
    browser = await chromium.launch({ executablePath: executablePath as string, args: quiet })
  })
  afterAll(() => browser?.close())

  const open = async (options: { colorScheme?: 'light' | 'dark'; width?: number }) => {
    const { colorScheme = 'light', width = 1_200 } = options
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 900 },
      javaScriptEnabled: false,
    })
    const page = await context.newPage()
    await page.goto(url)
    return page
  }

  test('shows what was promised and draws the history', async () => {
    const page = await open({})
    await expect(
      page
        .getByText('An order is charged at most once, although the reply to the charge gets lost.')
        .first()
        .isVisible(),
    ).resolves.toBe(true)
    expect(await page.locator('svg[role="img"]').count()).toBeGreaterThan(0)
    expect(await page.locator('svg[role="img"]').first().isVisible()).toBe(true)
  })

  test('is as wide as the window, also on a telephone', async () => {
    const page = await open({ width: 360 })
    expect(await page.locator('body').evaluate((body) => body.scrollWidth)).toBeLessThanOrEqual(360)
  })

  test('is dark where the reader asks for dark', async () => {
    const background = async (colorScheme: 'light' | 'dark') =>
      (await open({ colorScheme }))
        .locator('body')
        .evaluate((body) => body.ownerDocument.defaultView?.getComputedStyle(body).backgroundColor ?? '')
    const brightness = (colour: string) =>
      (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)
    expect(brightness(await background('light'))).toBeGreaterThan(600)
    expect(brightness(await background('dark'))).toBeLessThan(150)
  })
})
