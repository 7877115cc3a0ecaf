import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from '@goodfence/generate'
import { expect, onTestFinished, test } from 'vitest'
import { manifests } from '../../src/providers/manifests.ts'

const root = join(import.meta.dirname, '../..')

test.each(manifests)('generating the types of $name again changes nothing', async ({ name, document }) => {
  const outDir = mkdtempSync(join(tmpdir(), 'goodfence-generated-'))
  onTestFinished(() => rmSync(outDir, { recursive: true }))

  await generate({ document: join(root, 'specs', document), outDir, name, client: false })

  const [again, committed] = [outDir, join(root, 'generated')].map((folder) =>
    readFileSync(join(folder, `${name}.d.ts`), 'utf8'),
  )
  expect(again).toBe(committed) // when it differs: npm run generate
})
