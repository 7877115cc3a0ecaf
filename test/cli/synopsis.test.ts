import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { webhookInbox } from '../../src/cli/commands/webhook-inbox.ts'
import { webhookReplay } from '../../src/cli/commands/webhook-replay.ts'
import { webhookSend } from '../../src/cli/commands/webhook-send.ts'
import { webhookVerify } from '../../src/cli/commands/webhook-verify.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8')
const [synopsis = ''] = /^```$.*?^```$/ms.exec(page) ?? []

describe.each([webhookSend, webhookVerify, webhookInbox, webhookReplay])(
  'the synopsis of $name',
  ({ name, options }) => {
    const [usage = ''] = new RegExp(`^goodfence ${name} .*?(?=^goodfence|\`)`, 'ms').exec(synopsis) ?? []

    test('names every option and no other', () => {
      const named = [...usage.matchAll(/--([a-z-]+)/g)].map(([, option]) => option)
      expect(named).toHaveLength(Object.keys(options).length)
      expect(new Set(named)).toEqual(new Set(Object.keys(options)))
    })
  },
)
