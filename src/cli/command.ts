import { parseArgs, type ParseArgsConfig } from 'node:util'
import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'

/** One option of a command: how it is written, what it takes, what it does. */
export interface Option {
  /** `list`: a text that may be given several times. */
  readonly type: 'text' | 'number' | 'flag' | 'list'
  /** The word for the value in help, such as FILE. */
  readonly value?: string
  readonly help: string
  readonly choices?: readonly string[]
  /** The smallest number that makes sense. @default 0 */
  readonly min?: number
  /** The largest number that makes sense. */
  readonly max?: number
  readonly default?: string | number
}

export type Options = Readonly<Record<string, Option>>

/** What the options given on the command line come to. Flags not given are false, lists empty, others undefined or their default. */
export type Values<Table extends Options> = {
  readonly [Name in keyof Table]: Table[Name]['type'] extends 'flag' | 'list'
    ? Typed<Table[Name]>
    : Table[Name] extends { readonly default: string | number }
      ? Typed<Table[Name]>
      : Typed<Table[Name]> | undefined
}
type Typed<O extends Option> = { text: string; number: number; flag: boolean; list: readonly string[] }[O['type']]

/** The world around a command, so that tests can be that world. */
export interface World {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean }
  readonly cwd: string
  /** Whether text may carry colour. */
  readonly colour: boolean
  /** Aborts when the user or the system asks the program to end. */
  readonly signal: AbortSignal
  /** From now on a signal of the system aborts `signal` and does not end the process by itself. */
  readonly endGently?: () => void
}

/** One command: its words for the help page, and what it does. Resolves with the exit code. */
export interface Command<Table extends Options = Options> {
  readonly name: string
  readonly summary: string
  /** What stands after the name on the usage line, without options. */
  readonly operands: string
  readonly minOperands: number
  readonly maxOperands: number
  readonly options: Table
  /** A few lines at the end of the help page. */
  readonly notes?: string
  /**
   * It ends by itself soon after `signal` aborts. Others end at once with the system's signal: an integration under
   * test may keep the main thread too busy to hear of one. @default false
   */
  readonly endsGently?: boolean
  run(values: Values<Table>, operands: readonly string[], world: World): Promise<number>
}

/** Keeps a command's options typed while it is written down. */
export function defineCommand<const Table extends Options>(command: Command<Table>): Command {
  return command
}

/** Reads a command's arguments. Anything unknown, missing or of the wrong type is a `usage` error. */
export function readArguments(
  command: Command,
  args: readonly string[],
): { values: Values<Options>; operands: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(command.options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values: Record<string, string | number | boolean | readonly string[] | undefined> = {}
  for (const [name, option] of Object.entries(command.options))
    values[name] = option.type === 'flag' ? false : option.type === 'list' ? [] : option.default
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind === 'option') {
      const value = readValue(command, token)
      const before = values[token.name]
      values[token.name] = Array.isArray(before) ? [...(before as readonly string[]), String(value)] : value
    }
  }
  if (operands.length < command.minOperands)
    throw usage(command, `\`goodfence ${command.name}\` needs ${command.operands}.`)
  if (operands.length > command.maxOperands) {
    throw usage(
      command,
      `\`goodfence ${command.name}\` does not know what to do with "${operands[command.maxOperands]}".`,
    )
  }
  return { values, operands }
}

function parserOptions(options: Options): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [
      name,
      { type: type === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
}

function readValue(
  command: Command,
  token: { name: string; rawName: string; value?: string | undefined },
): string | number | boolean {
  const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined
  if (option === undefined) {
    throw usage(
      command,
      `\`goodfence ${command.name}\` has no option ${token.rawName}.${didYouMean(
        token.rawName,
        Object.keys(command.options).map((name) => `--${name}`),
      )}`,
    )
  }
  if (option.type === 'flag') {
    if (token.value !== undefined)
      throw usage(command, `${token.rawName} takes no value, but was given "${token.value}".`)
    return true
  }
  const { value } = token
  if (value === undefined || value === '')
    throw usage(command, `${token.rawName} needs a value: ${token.rawName} ${option.value ?? 'VALUE'}.`)
  if (option.choices !== undefined && !option.choices.includes(value)) {
    throw usage(command, `${token.rawName} cannot be "${value}".${didYouMean(value, option.choices)}`)
  }
  if (option.type === 'text' || option.type === 'list') return value
  const number = Number(value)
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = option
  if (!Number.isSafeInteger(number) || number < min || number > max) {
    const range = option.max === undefined ? `of at least ${min}` : `from ${min} to ${max}`
    throw usage(command, `${token.rawName} needs a whole number ${range}, not "${value}".`)
  }
  return number
}

function usage(command: Command, message: string): GoodfenceError<'usage'> {
  const mend = `goodfence ${command.name} --help`
  return new GoodfenceError('usage', `${message} See \`${mend}\`.`, { mend })
}

/** The help page of one command. */
export function helpPage(command: Command): string {
  const rows = Object.entries(command.options).map(([name, option]) => {
    const left = `--${name}${option.type === 'flag' ? '' : ` ${option.value ?? 'VALUE'}`}`
    const choices = option.choices === undefined ? '' : ` (${option.choices.join(', ')})`
    const standard = option.default === undefined ? '' : ` [${option.default}]`
    return [left, `${option.help}${choices}${standard}`] as const
  })
  rows.push(['--help', 'Show this page'])
  const width = Math.max(...rows.map(([left]) => left.length))
  return [
    command.summary,
    '',
    `Usage: goodfence ${command.name} ${command.operands} [options]`.replace(/ {2,}/g, ' '),
    '',
    'Options:',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(command.notes === undefined ? [] : ['', command.notes]),
    '',
  ].join('\n')
}
