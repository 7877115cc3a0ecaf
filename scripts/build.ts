/** Builds what is published: one file for each source file, nothing left over from an earlier build. */
import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'

for (const folder of ['.', 'packages/generate']) {
  rmSync(`${folder}/dist`, { recursive: true, force: true })
  execFileSync('tsc', ['-p', `${folder}/tsconfig.build.json`], { stdio: 'inherit' })
}
chmodSync('dist/cli/main.js', 0o755)
