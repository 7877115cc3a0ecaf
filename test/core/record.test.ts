import { expect, test } from 'vitest'
import { createJournal } from '../../src/core/journal.ts'
import { lightRequest } from '../../src/core/light.ts'
import { record } from '../../src/core/record.ts'

test('record writes no secret of a path into the journal, and the operation beside it', async () => {
  const journal = createJournal()
  const operationOf = () => 'POST /bot{token}/sendMessage'
  const service = record('wire', { journal, operationOf })(async () => new Response())
  await service(
    lightRequest({
      url: 'https://api.test/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage',
      method: 'POST',
    }),
  )
  expect(journal.entries()[0]).toMatchObject({ path: '/bot***/sendMessage', operation: 'POST /bot{token}/sendMessage' })
})
