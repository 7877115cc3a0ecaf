import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type FaultKind,
  type FieldFacts,
  type KindFacts,
  faultKinds,
  isDeliveryFault,
} from '../../src/mocks/fault-kinds.ts'
import { readPlan } from '../../src/mocks/plan.ts'

const kinds = Object.entries(faultKinds) as [FaultKind, KindFacts][]
const reference = await readFile(join(import.meta.dirname, '../../docs/faults.md'), 'utf8')
const rows = reference.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim())

function takes(field: FieldFacts): string {
  switch (field.type) {
    case 'integer':
    case 'number': {
      const except = field.not === undefined ? '' : `, not ${field.not.join(', ')}`
      return `${field.type === 'integer' ? 'whole number' : 'number'}, ${plain(field.min)} to ${plain(field.max)}${except}`
    }
    case 'boolean':
      return 'true or false'
    case 'choice':
      return field.values.map((value) => `\`${value}\``).join(', ')
    case 'text':
      return 'text'
    case 'seconds-or-date':
      return `whole seconds, 0 to ${plain(field.max)}, or an HTTP date`
  }
}

const plain = (value: number) => value.toLocaleString('en-US')

function byDefault(field: FieldFacts): string {
  if (field.required === true) return 'required'
  const value = 'default' in field ? field.default : undefined
  if (value === undefined) return 'none'
  return typeof value === 'number' ? plain(value) : `\`${value}\``
}

describe('the reference of faults', () => {
  test.each(kinds)('says of %s what is seen and what the provider did', (kind, { seen, provider }) => {
    expect(rows).toContain(`| \`${kind}\` | ${seen} | ${provider} |`)
  })

  const fields = kinds.flatMap(([kind, facts]) =>
    Object.entries(facts.fields).map(([name, field]) => ({ kind, name, field })),
  )
  test.each(fields)('says of $kind what $name takes', ({ kind, name, field }) => {
    expect(rows).toContain(`| \`${kind}\` | \`${name}\` | ${takes(field)} | ${byDefault(field)} | ${field.says} |`)
  })

  test('shows plans that are plans', () => {
    const plans = [...reference.matchAll(/```json\n(\{\n? *"(?:seed|faults)".*?)```/gs)].map(
      (match) => match[1] as string,
    )

    expect(plans.length).toBeGreaterThan(0)
    for (const plan of plans) expect(() => readPlan(JSON.parse(plan), 'docs/faults.md')).not.toThrow()
  })
})

describe('faultKinds', () => {
  test.each(kinds)('lists for %s examples that a plan may hold', (kind, { fields, strikes }) => {
    const required = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, exampleOf(field)]))
    const fault = { kind, ...required }

    expect(readPlan({ faults: [{ fault }] }, 'plan.json').faults).toHaveLength(1)
    expect(isDeliveryFault({ kind } as Parameters<typeof isDeliveryFault>[0])).toBe(strikes === 'delivery')
    for (const [name, field] of Object.entries(fields)) {
      for (const example of 'examples' in field ? field.examples : []) {
        expect(() => readPlan({ faults: [{ fault: { ...fault, [name]: example } }] }, 'plan.json')).not.toThrow()
      }
    }
  })
})

function exampleOf(field: FieldFacts): unknown {
  if ('examples' in field) return field.examples[0]
  return field.default
}
