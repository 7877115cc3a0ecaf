import { resolve } from 'node:path'
import { GoodfenceError } from '../../core/errors.ts'
import { loadDocument } from '../../openapi/load.ts'
import { defineCommand } from '../command.ts'

/** The part of `@goodfence/generate` that this command uses; that package is installed on its own. */
interface Generator {
  generate(options: {
    readonly document: string
    readonly outDir: string
  }): Promise<{ readonly files: readonly string[] }>
}

export const generate = defineCommand({
  name: 'generate',
  summary: 'Make a typed client from an OpenAPI document',
  operands: '<document>',
  minOperands: 1,
  maxOperands: 1,
  options: {
    out: { type: 'text', value: 'DIR', help: 'Where the files go' },
  },
  notes: 'Needs the package @goodfence/generate beside goodfence: npm install --save-dev @goodfence/generate',
  async run({ out }, [document = ''], world) {
    if (out === undefined) {
      throw new GoodfenceError('usage', 'Say where the files shall go: goodfence generate <document> --out DIR.', {
        mend: '--out DIR',
      })
    }
    const path = resolve(world.cwd, document)
    await loadDocument(path) // a document that cannot be read is told in our words, before the generator tries
    const { generate } = await generator()
    const { files } = await generate({ document: path, outDir: resolve(world.cwd, out) }).catch((error: Error) => {
      throw new GoodfenceError(
        'environment',
        `${error.message} Check the document and --out ${out}.`,
        { mend: 'check both' },
        { cause: error },
      )
    })
    for (const file of files) world.stdout.write(`${file}\n`)
    return 0
  },
})

async function generator(): Promise<Generator> {
  const name = '@goodfence/generate'
  try {
    return (await import(name)) as Generator
  } catch (error) {
    const missing =
      error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(name)
    if (!missing) throw error
    const mend = `npm install --save-dev ${name}`
    throw new GoodfenceError(
      'environment',
      `Generating needs the package ${name}, which is not installed. Install it: ${mend}`,
      { mend },
      { cause: error },
    )
  }
}
