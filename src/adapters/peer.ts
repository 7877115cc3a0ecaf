import { GoodfenceError } from '../core/errors.ts'

/** What `import` rejects with, and what `require` and its `resolve` throw. */
const notFound: ReadonlySet<string | undefined> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])

/** Loads a library that only some users have. Rejects with `environment` and the line that installs it when it is not there. */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!notFound.has((error as NodeJS.ErrnoException).code)) throw error
    const mend = `npm install --save-dev ${name}`
    throw new GoodfenceError(
      'environment',
      `This needs ${name}, which is not installed: ${mend}`,
      { mend },
      { cause: error },
    )
  }
}
