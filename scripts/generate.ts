/** Writes `generated/` anew: the types of each provider's slice. */
import { join } from 'node:path'
import { generate } from '@goodfence/generate'
import { manifests } from '../src/providers/manifests.ts'

const root = join(import.meta.dirname, '..')

for (const { name, document } of manifests) {
  const from = join(root, 'specs', document)
  const { files } = await generate({ document: from, outDir: join(root, 'generated'), name, client: false })
  for (const file of files) process.stdout.write(`${file}\n`)
}
