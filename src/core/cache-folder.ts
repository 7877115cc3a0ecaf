import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The user's cache folder of goodfence: below `XDG_CACHE_HOME`, else `~/.cache`. */
export function defaultCacheFolder(): string {
  const { XDG_CACHE_HOME: cacheHome } = process.env
  if (cacheHome?.startsWith('/')) return join(cacheHome, 'goodfence')
  const home = homedir()
  return home.length > 1
    ? join(home, '.cache', 'goodfence')
    : join(tmpdir(), `goodfence-${process.getuid?.() ?? 'cache'}`)
}

/** Makes a folder that only the user can write to; `undefined` where there can be none. */
export function privateFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = statSync(folder)
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined
    if ((mode & 0o022) !== 0) chmodSync(folder, 0o700)
    return folder
  } catch {
    return undefined
  }
}
