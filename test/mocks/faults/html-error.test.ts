import { expect, test } from 'vitest'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'html-error' }, { effects: 0 })

test.each([
  [undefined, 502, '502 Bad Gateway'],
  [503, 503, '503 Service Unavailable'],
  [200, 200, '200 OK'],
])('an html-error of status %s is a page that says so', async (status, expected, title) => {
  const { mock } = faultWorld(always({ kind: 'html-error', ...(status === undefined ? {} : { status }) }))

  const response = await mock(post())

  expect(response.status).toBe(expected)
  expect(response.headers.get('content-type')).toBe('text/html')
  expect(await response.text()).toContain(`<title>${title}</title>`)
})
