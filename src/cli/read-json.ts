import { readFile } from 'node:fs/promises'
import { GoodfenceError } from '../core/errors.ts'

/** Reads a file that must hold JSON; what cannot be read is an `environment` error that says what the file was for. */
export async function readJson(path: string, what: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'does not exist' : 'cannot be read'
    throw new GoodfenceError(
      'environment',
      `The ${what} ${path} ${reason}. Check the path.`,
      { mend: 'check the path' },
      { cause: error },
    )
  }
  try {
    // Editors on Windows begin a file with a byte order mark, which is no JSON.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new GoodfenceError(
      'environment',
      `The ${what} ${path} is not JSON: ${(error as Error).message}.`,
      { mend: 'mend the JSON' },
      { cause: error },
    )
  }
}
