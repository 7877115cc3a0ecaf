import { GoodfenceError } from '../core/errors.ts'

/** Loads a library that only some users have. Rejects with `environment` and the line that installs it when it is not there. */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    const mend = `npm install --save-dev ${name}`
    throw new GoodfenceError(
      'environment',
      `This needs ${name}, which is not installed: ${mend}`,
      { mend },
      { cause: error },
    )
  }
}
