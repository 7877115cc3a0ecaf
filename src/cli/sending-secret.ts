import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { GoodfenceError } from '../core/errors.ts'
import { seededRandom } from '../core/random.ts'
import { type Scheme } from '../providers/scheme.ts'
import { checkingSecret, isAsymmetric, targetSecret } from '../webhooks/target-secret.ts'
import { type World } from './command.ts'

/** Where a secret is looked for when no option says where. */
export const secretVariable = 'GOODFENCE_WEBHOOK_SECRET'

/** Where a secret is named. */
export interface SecretPlace {
  readonly variable: string | undefined
  readonly file: string | undefined
  /** Draws one when none is named. */
  readonly seed: number
}

/**
 * What signs. Tells on standard error what the app has to check with, where it cannot know: never a secret that was
 * given. Throws `usage` or `environment`.
 */
export async function sendingSecret(scheme: Scheme, place: SecretPlace, { cwd, stderr }: World): Promise<string> {
  if (scheme.key.role === 'none') return ''
  const given = await givenSecret(place, cwd)
  const secret = given ?? targetSecret(scheme, seededRandom(place.seed, 'webhook secret 1'))
  const checking = checkingSecret(scheme, secret)
  if (checking === undefined || (given === undefined && checking === '')) {
    const { file, variable = secretVariable } = place
    throw usage(
      `The scheme "${scheme.id}" signs with a private key in PEM ${
        scheme.key.role === 'public-key' ? 'or as a JSON Web Key' : 'and the certificates behind it'
      }; ${file === undefined ? `the environment variable ${variable}` : `the file ${file}`} holds no such key.`,
      '--secret-file key.pem',
    )
  }
  if (isAsymmetric(scheme))
    stderr.write(`goodfence: the app checks with this key${fetchHint(scheme)}\n${checking.trimEnd()}\n`)
  else if (given === undefined) {
    stderr.write(
      `goodfence: no secret was given, so it is signed with ${secret}: give it to the app, or name the app's own with --secret-env NAME\n`,
    )
  }
  return secret
}

/** How an app takes a key that it would fetch from the provider. */
function fetchHint({ key: { urlFrom, keySet } }: Scheme): string {
  if (urlFrom === undefined && keySet === undefined) return ''
  const list = keySet?.kind === 'jwks' ? 'Response.json({ keys: [key] })' : 'Response.json({ key })'
  const answer = keySet === undefined ? 'new Response(pem)' : list
  const asked = Object.values(keySet?.ask ?? {}).flatMap((text) => /^\{config:(\w+)\}$/.exec(text)?.[1] ?? [])
  const config = asked.length === 0 ? '' : `, config: { ${asked.map((name) => `${name}: 'any'`).join(', ')} }`
  return `, which it would fetch: until then give its receiver\n  keys: createKeySource({ fetch: async () => ${answer}${config} })`
}

async function givenSecret({ variable, file }: SecretPlace, cwd: string): Promise<string | undefined> {
  if (variable !== undefined && file !== undefined)
    throw usage('Give --secret-env or --secret-file, not both.', 'leave one out')
  if (file !== undefined) {
    const text = (await readBytes(resolve(cwd, file), 'secret file')).toString('utf8').replace(/\r?\n$/, '')
    if (text === '') throw usage(`The secret file ${file} is empty.`, 'put the secret into it')
    return text
  }
  const text = process.env[variable ?? secretVariable]
  if (variable !== undefined && (text === undefined || text === '')) {
    throw usage(
      `The environment variable ${variable} is not set. Set it to the secret that the app checks with.`,
      `export ${variable}=...`,
    )
  }
  return text === '' ? undefined : text
}

/** Reads a file that somebody named; `what` says what it was for. */
export async function readBytes(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const mend = 'check the path'
    throw new GoodfenceError(
      'environment',
      `The ${what} ${path} does not exist or cannot be read. Check the path.`,
      { mend },
      { cause },
    )
  }
}

function usage(message: string, mend: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend })
}
