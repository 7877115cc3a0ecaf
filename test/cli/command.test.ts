import { describe, expect, test } from 'vitest'
import { defineCommand, helpPage, readArguments } from '../../src/cli/command.ts'

const sample = defineCommand({
  name: 'sample',
  summary: 'A command to be read',
  operands: '<document>...',
  minOperands: 1,
  maxOperands: 2,
  options: {
    port: { type: 'number', default: 4010, help: 'The port' },
    engine: { type: 'text', choices: ['builtin', 'prism'], default: 'builtin', help: 'The engine' },
    plan: { type: 'text', value: 'FILE', help: 'The plan' },
    'no-state': { type: 'flag', help: 'No state' },
  },
  run: async () => 0,
})

describe('readArguments', () => {
  test('collects what a list is given, and is empty without', () => {
    const many = defineCommand({
      ...sample,
      options: { config: { type: 'list', value: 'NAME=VALUE', help: 'A setting' } },
    })

    expect(readArguments(many, ['a', '--config', 'x=1', '--config=y=2']).values).toEqual({ config: ['x=1', 'y=2'] })
    expect(readArguments(many, ['a']).values).toEqual({ config: [] })
    expect(() => readArguments(many, ['a', '--config'])).toThrow('--config needs a value: --config NAME=VALUE.')
  })

  test('reads options before, between and after operands, with defaults', () => {
    expect(readArguments(sample, ['--port', '1', 'a.yaml', '--no-state', 'b.yaml', '--engine=prism'])).toEqual({
      values: { port: 1, engine: 'prism', plan: undefined, 'no-state': true },
      operands: ['a.yaml', 'b.yaml'],
    })
    expect(readArguments(sample, ['a.yaml']).values).toEqual({
      port: 4010,
      engine: 'builtin',
      plan: undefined,
      'no-state': false,
    })
  })

  test('takes what follows -- as operands', () => {
    expect(readArguments(sample, ['--', '--port']).operands).toEqual(['--port'])
  })

  test.each([
    [['a', '--prot', '1'], 'has no option --prot. Did you mean "--port"?'],
    [['a', '-p', '1'], 'has no option -p'],
    [['a', '--constructor', '1'], 'has no option --constructor'],
    [['a', '--port'], '--port needs a value'],
    [['a', '--port', 'x'], '--port needs a whole number of at least 0, not "x"'],
    [['a', '--port', '-1'], '--port needs a whole number'],
    [['a', '--port=1.5'], 'not "1.5"'],
    [['a', '--engine', 'prsm'], '--engine cannot be "prsm". Did you mean "prism"?'],
    [['a', '--no-state=yes'], '--no-state takes no value'],
    [[], 'needs <document>...'],
    [['a', 'b', 'c'], 'does not know what to do with "c"'],
  ])('%j is a usage error', (args, message) => {
    expect(() => readArguments(sample, args)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    )
  })
})

test('the help page names every option with its default and choices', () => {
  const page = helpPage(sample)
  expect(page).toContain('Usage: goodfence sample <document>... [options]')
  expect(page).toMatch(/--engine VALUE +The engine \(builtin, prism\) \[builtin\]/)
  expect(page).toMatch(/--no-state +No state/)
})
