/** A kind of server that tests use for real. */
export interface ServerKind<Server> {
  readonly name: string
  /** The variable of the environment that holds an address. */
  readonly variable: string
  /** Where it listens without being asked for, as in CI. */
  readonly localUrl: string
  /** Whether this very kind of server answers at the address, and not something else. Never rejects, never hangs. */
  readonly answers: (url: string) => Promise<boolean>
  readonly at: (url: string) => Server
  readonly inContainer: () => Promise<Server>
}

/** What the search depends on, besides the kind of server. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly hasDocker: () => Promise<boolean>
  readonly say: (line: string) => void
}

const here: Surroundings = { env: process.env, hasDocker, say: (line) => console.info(line) }

/**
 * Finds a server for a test file: the one that the environment names, which must answer; else the usual local one;
 * else one in a container. Where there is none the tests are skipped, with one line that says so; in CI that is an error.
 * `GOODFENCE_TEST_SERVERS=containers` takes containers alone.
 */
export async function findServer<Server>(
  kind: ServerKind<Server>,
  { env, hasDocker, say }: Surroundings = here,
): Promise<Server | undefined> {
  const { name, variable, localUrl } = kind
  const onlyContainers = env['GOODFENCE_TEST_SERVERS'] === 'containers'
  const named = env[variable] ?? ''
  if (!onlyContainers) {
    if (named !== '') {
      if (await kind.answers(named)) return kind.at(named)
      throw new Error(`${variable} is set, and no ${name} server answers there.`)
    }
    if (await kind.answers(localUrl)) return kind.at(localUrl)
  }
  if (await hasDocker()) return kind.inContainer()
  const mend = `set ${variable}, listen on ${new URL(localUrl).host}, or start Docker`
  if (onlyContainers || isCi(env)) throw new Error(`No ${name} server was found: ${mend}.`)
  say(`Skipped what needs ${name}: ${mend}.`)
}

function isCi({ CI = '' }: Surroundings['env']): boolean {
  return CI !== '' && CI !== 'false' && CI !== '0'
}

async function hasDocker(): Promise<boolean> {
  // Loaded only where it is needed: it takes a second.
  const { getContainerRuntimeClient } = await import('testcontainers')
  try {
    await getContainerRuntimeClient()
    return true
  } catch {
    return false
  }
}
