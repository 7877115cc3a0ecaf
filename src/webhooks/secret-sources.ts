import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { GoodfenceError } from '../core/errors.ts'
import { requireSecrets, type Secret, type SecretList, type SecretSource } from './secrets.ts'

/**
 * Secrets from environment variables, newest first; of several, those that are not set are left out. Each is
 * called by its variable in the log.
 *
 * Throws `usage` when none is set, or one is a placeholder.
 *
 * @example
 * createReceiver({ provider: stripe, secrets: fromEnv('STRIPE_WEBHOOK_SECRET', 'STRIPE_WEBHOOK_SECRET_OLD'), inbox })
 */
export function fromEnv(...names: readonly string[]): SecretSource {
  const read = () =>
    names.flatMap((id): Secret[] => {
      const value = process.env[id]
      return value === undefined ? [] : [{ id, value }]
    })
  const mend = `set ${names.join(' or ')} to the signing secret that the provider shows for the endpoint`
  requireSecrets(read(), `the environment (${names.join(', ')})`, undefined, mend)
  return read
}

const lookEveryMs = 1_000

/**
 * Secrets from a file, one a line and newest first, or keys in PEM one after the other: what a mounted secret looks
 * like. Read again within a second of its change; while it cannot be read or is empty it throws, and
 * deliveries are put off. A placeholder that comes later is left out. Each is called by file and place in the log.
 *
 * Throws `usage` when the file cannot be read now, is empty, or has a placeholder in it.
 */
export function fromFile(path: string): SecretSource {
  let secrets: SecretList = []
  let seen = ''
  let lookedAtMs = Number.NEGATIVE_INFINITY

  function look(): void {
    try {
      const { mtimeMs, size, ino } = statSync(path)
      const now = `${mtimeMs} ${size} ${ino}`
      if (now === seen) return
      secrets = readSecrets(path)
      seen = now
    } catch (error) {
      secrets = []
      seen = ''
      if (lookedAtMs === Number.NEGATIVE_INFINITY) throw unreadable(path, error)
    }
  }

  look()
  requireSecrets(secrets, path)
  return ({ clock }) => {
    const nowMs = clock.monotonic()
    if (nowMs - lookedAtMs >= lookEveryMs) {
      lookedAtMs = nowMs
      look()
    }
    if (secrets.length === 0) requireSecrets(secrets, path)
    return secrets
  }
}

function readSecrets(path: string): Secret[] {
  const text = readFileSync(path, 'utf8')
  const keys = text.match(/-----BEGIN [^-]+-----[^]*?-----END [^-]+-----/g)
  const values = keys ?? text.split(/\r?\n/).map((line) => line.trim())
  const name = basename(path)
  return values.filter((value) => value !== '').map((value, at) => ({ value, id: `${name}:${at + 1}` }))
}

function unreadable(path: string, cause: unknown): GoodfenceError {
  const mend = 'put the signing secret into that file and make it readable for this process'
  return new GoodfenceError('usage', `The signing secrets at ${path} cannot be read: ${mend}.`, { mend }, { cause })
}
