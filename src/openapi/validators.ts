import { Ajv2020, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { GoodfenceError } from '../core/errors.ts'
import { type DialectHost, type Direction, type Switch, looksAcrossReferences, translate } from './dialect.ts'
import { type Refusal, collapse } from './explain.ts'
import { addKnownFormats } from './formats.ts'
import { patternOf } from './keywords.ts'
import { type ApiDocument, type Node, type Schema } from './model.ts'
import { childOf } from './pointer.ts'
import { type Target, documentBase } from './references.ts'

/** Checks values against one schema: an empty list means that the value fits. */
export type Check = (value: unknown, isLarge?: boolean) => readonly Refusal[]

/** The compiled schemas of one document. */
export interface Validators {
  /** Compiles a schema on its first use. Throws `document_malformed` when it cannot be compiled. */
  check(schema: Schema, direction: Direction): Check
}

const ofDocument = new WeakMap<ApiDocument, Validators>()

/** The validators of a document, made once. */
export function validatorsOf(document: ApiDocument): Validators {
  let validators = ofDocument.get(document)
  if (validators === undefined) {
    validators = createValidators(document)
    ofDocument.set(document, validators)
  }
  return validators
}

/** Where in the whole value a keyword's value stands. */
type DataContext = NonNullable<Parameters<ValidateFunction>[1]>

/** Looks at the first problem only, or at all of them. */
type Tier = 'quick' | 'thorough'

/** The keywords by which a compiled schema reaches others, which are compiled when a value gets there. */
const laterKeyword = 'x-later'
const switchKeyword = 'x-switch'

const nothing: readonly Refusal[] = []

function createValidators(document: ApiDocument): Validators {
  const { references } = document
  const compiled = new WeakMap<object, Partial<Record<`${Direction} ${Tier}`, ValidateFunction>>>()
  const checks = new WeakMap<object, Partial<Record<Direction, Check>>>()
  const ajvs = new Map<Tier, Ajv2020>()
  const later: { target: Target; direction: Direction }[] = []
  const switches: { choice: Switch; direction: Direction }[] = []

  function ajvOf(tier: Tier): Ajv2020 {
    let ajv = ajvs.get(tier)
    if (ajv === undefined) {
      ajv = newAjv(tier)
      ajvs.set(tier, ajv)
    }
    return ajv
  }

  function newAjv(tier: Tier): Ajv2020 {
    const ajv = new Ajv2020({
      strict: false,
      validateSchema: false,
      meta: false,
      logger: false,
      addUsedSchema: false,
      ownProperties: true,
      allErrors: tier === 'thorough',
      code: {
        optimize: false, // halves the time to compile; V8 does as well without
        regExp: Object.assign((pattern: string) => patternOf(pattern) as RegExp, { code: 'patternOf' }),
      },
    })
    addKnownFormats(ajv)
    ajv.addKeyword({
      keyword: laterKeyword,
      schemaType: 'number',
      errors: 'full',
      compile(index: number) {
        const { target, direction } = later[index] as (typeof later)[number]
        return delegate(() => functionOf(target.value as Schema, target.base, direction, tier))
      },
    })
    ajv.addKeyword({
      keyword: switchKeyword,
      schemaType: 'number',
      errors: 'full',
      compile(index: number) {
        const { choice, direction } = switches[index] as (typeof switches)[number]
        let union: ValidateFunction | undefined
        return delegate((data) => {
          const target = choice.branches.get(wordAt(data, choice.property))
          if (target === undefined) return (union ??= ajv.compile(choice.otherwise))
          return functionOf(target.value as Schema, target.base, direction, tier)
        })
      },
    })
    return ajv
  }

  function functionOf(schema: Schema, base: string, direction: Direction, tier: Tier): ValidateFunction {
    if (typeof schema === 'boolean') return ajvOf(tier).compile(schema)
    const slots = compiled.get(schema) ?? {}
    compiled.set(schema, slots)
    const slot = `${direction} ${tier}` as const
    return (slots[slot] ??= compile(schema, base, direction, tier))
  }

  function compile(schema: Schema, base: string, direction: Direction, tier: Tier): ValidateFunction {
    const isOpenapi30 = document.openapi === '3.0'
    const host: Omit<DialectHost, 'refer' | 'choose'> = { isOpenapi30, direction, references }
    try {
      if (!isOpenapi30 && looksAcrossReferences(schema)) return ajvOf(tier).compile(inOnePiece(schema, base, host))
      return ajvOf(tier).compile(
        translate(schema, base, {
          ...host,
          refer: (target) => ({ [laterKeyword]: later.push({ target, direction }) - 1 }),
          choose: (choice) => ({ [switchKeyword]: switches.push({ choice, direction }) - 1 }),
        }),
      )
    } catch (error) {
      if (error instanceof GoodfenceError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new GoodfenceError(
        'document_malformed',
        `${document.path}: a schema${nameOf(schema)} cannot be enforced: ${reason}. Correct the schema.`,
        { path: document.path },
        { cause: error },
      )
    }
  }

  return {
    check(schema, direction) {
      const slots = typeof schema === 'boolean' ? {} : (checks.get(schema) ?? {})
      if (typeof schema !== 'boolean') checks.set(schema, slots)
      return (slots[direction] ??= (value, isLarge = false) => {
        const quick = functionOf(schema, documentBase, direction, 'quick')
        if (quick(value)) return nothing
        // Telling every problem of a huge body would cost more memory than the body.
        if (isLarge) return collapse(quick.errors ?? [])
        const thorough = functionOf(schema, documentBase, direction, 'thorough')
        thorough(value)
        return collapse(thorough.errors ?? [])
      })
    },
  }
}

/** A keyword's function that hands over to one compiled schema, found when the first value arrives. */
function delegate(find: (data: unknown) => ValidateFunction) {
  const check: { (data: unknown, context?: DataContext): boolean; errors?: ErrorObject[] } = (data, context) => {
    const validate = find(data)
    if (validate(data, context)) return true
    check.errors = collapse(validate.errors ?? []) as ErrorObject[]
    return false
  }
  return check
}

/** The word that a property holds, or one that names no branch. */
function wordAt(data: unknown, property: string): string {
  const word = childOf(data, property)
  return typeof word === 'string' ? word : ''
}

/**
 * A schema with all that it refers to, directly or not, as one: `unevaluatedProperties` and dynamic
 * references must see across references, which schemas compiled apart cannot.
 */
function inOnePiece(schema: Schema, base: string, host: Omit<DialectHost, 'refer' | 'choose'>): AnySchema {
  const names = new Map<unknown, string>()
  const waiting: Target[] = []
  const parts: Record<string, unknown> = {}
  const whole: DialectHost = {
    ...host,
    refer(target) {
      let name = names.get(target.value)
      if (name === undefined) {
        name = `part:${names.size}`
        names.set(target.value, name)
        waiting.push(target)
      }
      return { $ref: name }
    },
    choose: () => undefined,
  }
  const root = translate(schema, base, whole)
  for (let target = waiting.pop(); target !== undefined; target = waiting.pop()) {
    const name = names.get(target.value) as string
    const part = translate(target.value as Schema, target.base, whole)
    parts[name] = typeof part === 'boolean' ? { $id: name, allOf: [part] } : { $id: name, ...part }
  }
  return typeof root === 'boolean' ? root : { ...root, $defs: parts }
}

function nameOf(schema: Schema): string {
  const title = (schema as Node)['title']
  return typeof title === 'string' ? ` titled "${title}"` : ''
}
