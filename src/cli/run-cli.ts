import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { type Command, helpPage, readArguments, type World } from './command.ts'
import { version } from './version.ts'

/** The commands, loaded when they are asked for: `mock` need not pay for what `generate` imports. */
const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {
  mock: { summary: 'Run mock providers', load: async () => (await import('./commands/mock.ts')).mock },
  test: {
    summary: 'Run failure scenarios against an integration',
    load: async () => (await import('./commands/test.ts')).test,
  },
  explore: {
    summary: 'Search for the fault schedule that breaks an integration',
    load: async () => (await import('./commands/explore.ts')).explore,
  },
  replay: {
    summary: 'Run the scenario of a bundle again',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  generate: {
    summary: 'Make a typed client from an OpenAPI document',
    load: async () => (await import('./commands/generate.ts')).generate,
  },
  'webhook send': {
    summary: 'Send one signed event to a running app',
    load: async () => (await import('./commands/webhook-send.ts')).webhookSend,
  },
  'webhook verify': {
    summary: 'Check how signatures of webhooks are judged',
    load: async () => (await import('./commands/webhook-verify.ts')).webhookVerify,
  },
  'webhook inbox': {
    summary: 'Show how much waits in an inbox, and what needs a person',
    load: async () => (await import('./commands/webhook-inbox.ts')).webhookInbox,
  },
  'webhook replay': {
    summary: 'Have events of an inbox handled again',
    load: async () => (await import('./commands/webhook-replay.ts')).webhookReplay,
  },
  doctor: {
    summary: 'Say what this machine has and lacks',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
}

/** Exit codes, as documented: 0 held, 1 broken or unknown, 2 usage or environment, 3 nothing ran, 4 our own error. */
export const exitCodes = { held: 0, broken: 1, usage: 2, nothing: 3, internal: 4 } as const

/** Runs one command line and resolves with its exit code. Never rejects. */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  try {
    const { group, name, rest } = commandOf(args)
    if (name === undefined || isHelp(name) || name === 'help') {
      world.stdout.write(overview(group))
      return name === undefined ? exitCodes.usage : exitCodes.held
    }
    if (name === '--version' || name === '-v') {
      world.stdout.write(`${version}\n`)
      return exitCodes.held
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (entry === undefined) {
      throw new GoodfenceError(
        'usage',
        `There is no command "${name}".${didYouMean(name, Object.keys(commands))} See \`goodfence --help\`.`,
        { mend: 'goodfence --help' },
      )
    }
    const command = await entry.load()
    if (rest.some(isHelp)) {
      world.stdout.write(helpPage(command))
      return exitCodes.held
    }
    const { values, operands } = readArguments(command, rest)
    if (command.endsGently === true) world.endGently?.()
    return await command.run(values, operands, world)
  } catch (error) {
    return report(error, world)
  }
}

interface Called {
  /** The first word with a space behind it, where several commands begin with it; else empty. */
  readonly group: string
  readonly name: string | undefined
  readonly rest: readonly string[]
}

/** The first word names the command, or the first two where commands share their first. */
function commandOf([first, ...others]: readonly string[]): Called {
  const group = `${first} `
  if (!namesOf(group).length) return { group: '', name: first, rest: others }
  const [second, ...rest] = others
  const name = second === undefined || isHelp(second) ? second : group + second
  return { group, name, rest }
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

/** The commands that begin so. */
function namesOf(group: string): readonly string[] {
  return Object.keys(commands).filter((name) => name.startsWith(group))
}

/** A failure a person can cause is told in a line; one of our own is told whole. */
function report(error: unknown, world: World): number {
  if (isGoodfenceError(error) && error.code !== 'internal') {
    world.stderr.write(`goodfence: ${error.message}\n`)
    return exitCodes.usage
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  world.stderr.write(`goodfence: this is a defect of goodfence itself, please report it with these lines.\n${text}\n`)
  return exitCodes.internal
}

function overview(group: string): string {
  const names = namesOf(group)
  const width = Math.max(...names.map((name) => name.length))
  return [
    'Contract tests and hostile provider mocks for code that talks to third-party APIs.',
    '',
    `Usage: goodfence ${group}COMMAND [options]`,
    '',
    'Commands:',
    ...names.map((name) => `  ${name.padEnd(width)}  ${commands[name]?.summary}`),
    '',
    `\`goodfence ${group}COMMAND --help\` tells the rest. Exit codes: 0 everything held; 1 something is broken or`,
    'unknown; 2 usage, configuration or environment; 3 nothing ran; 4 a defect of goodfence itself.',
    '',
  ].join('\n')
}
