import { nameOfPath } from './form.ts'
import { type Problem } from './model.ts'
import { pointerOf, segmentsOf } from './pointer.ts'

/** What a compiled schema has against a value, in the words of its validator. */
export interface Refusal {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}

/**
 * Thins out what a validator says about unions: of the branches that failed, the one that was meant
 * speaks for all; where none stands out, the union speaks alone.
 */
export function collapse(errors: readonly Refusal[]): Refusal[] {
  const kept: Refusal[] = []
  for (const error of errors) {
    if (error.keyword === 'if') continue // what `then` or `else` refused has been said
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error)
      continue
    }
    const prefix = `${error.schemaPath}/`
    const inside = kept.filter((other) => other.schemaPath.startsWith(prefix))
    for (const other of inside) kept.splice(kept.indexOf(other), 1)
    kept.push(...meant(error, inside, prefix))
  }
  return kept
}

function meant(union: Refusal, inside: readonly Refusal[], prefix: string): readonly Refusal[] {
  const byBranch = Object.groupBy(inside, (error) => error.schemaPath.slice(prefix.length).split('/', 1)[0] as string)
  const branches = Object.values(byBranch).filter((branch) => branch !== undefined)
  if (branches.length === 0) return [union]
  const real = branches.filter((branch) => !branch.some((error) => isAboutNothing(error, union.instancePath)))
  if (real.length === 1) return real[0] as Refusal[]
  const sameKind = real.filter((branch) => !branch.some((error) => isAnotherKind(error, union.instancePath)))
  if (sameKind.length === 1) return sameKind[0] as Refusal[]
  const here = inside.filter((error) => error.instancePath === union.instancePath)
  const types = here.filter(({ keyword }) => keyword === 'type').flatMap(({ params }) => params['type'] as string)
  const values = here.filter(({ keyword }) => keyword === 'enum').flatMap(({ params }) => params['allowedValues'])
  return [
    {
      ...union,
      params: {
        ...union.params,
        ...(types.length > 0 ? { types: [...new Set(types)] } : {}),
        ...(values.length > 0 ? { allowedValues: [...new Set(values)] } : {}),
      },
    },
  ]
}

/** A branch that takes only null or the empty string is there to unset a value. */
function isAboutNothing({ keyword, params, instancePath }: Refusal, at: string): boolean {
  if (instancePath !== at) return false
  if (keyword === 'type') return params['type'] === 'null'
  const { allowedValues } = params as { allowedValues?: readonly unknown[] }
  return keyword === 'enum' && allowedValues?.length === 1 && (allowedValues[0] === '' || allowedValues[0] === null)
}

/** The value, or a property that tells its kind, is not what the branch is about. */
function isAnotherKind({ keyword, instancePath, params }: Refusal, at: string): boolean {
  if (keyword === 'type' || keyword === 'enum' || keyword === 'const') {
    if (instancePath === at) return true
    const isChild = instancePath.startsWith(`${at}/`) && !instancePath.includes('/', at.length + 1)
    const { allowedValues } = params as { allowedValues?: readonly unknown[] }
    return isChild && (keyword === 'const' || (keyword === 'enum' && allowedValues?.length === 1))
  }
  return false
}

/** More than this is not told. */
const maxProblems = 100

/** Turns what a validator says into problems; `prefix` is the pointer to the value that was checked. */
export function problemsOf(errors: readonly Refusal[], place: Problem['in'], prefix = ''): Problem[] {
  return errors.slice(0, maxProblems).map((error) => {
    const { keyword, params } = error
    const child = childNamedBy(keyword, params)
    const pointer = prefix + error.instancePath + (child === undefined ? '' : pointerOf(child))
    return problem(place, pointer, keyword, messageOf(error), params)
  })
}

/** Makes a problem; the name in brackets follows from the pointer. */
export function problem(
  place: Problem['in'],
  pointer: string,
  keyword: string,
  message: string,
  params: Problem['params'] = {},
): Problem {
  return { in: place, pointer, name: nameOfPath(segmentsOf(pointer)), message, keyword, params }
}

/** A property that is missing or should not be there is the place of its problem. */
function childNamedBy(keyword: string, params: Record<string, unknown>): string | undefined {
  if (keyword === 'required' || keyword === 'dependentRequired') return params['missingProperty'] as string
  if (keyword === 'additionalProperties') return params['additionalProperty'] as string
  if (keyword === 'unevaluatedProperties') return params['unevaluatedProperty'] as string
  return undefined
}

function messageOf({ keyword, params, message = 'is not valid' }: Refusal): string {
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not known here'
    case 'enum':
      return `must be one of: ${listed(params['allowedValues'])}`
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'anyOf':
    case 'oneOf': {
      if (Array.isArray(params['passingSchemas'])) return 'fits more than one of the alternatives, where one is allowed'
      const { types, allowedValues } = params as { types?: readonly string[]; allowedValues?: readonly unknown[] }
      const alternatives = [...(types ?? []), ...(allowedValues ?? []).map((value) => JSON.stringify(value))]
      return alternatives.length === 0
        ? 'fits none of the alternatives'
        : `must be one of: ${alternatives.slice(0, 50).join(', ')}`
    }
    default:
      return message
  }
}

function listed(values: unknown): string {
  const texts = (values as readonly unknown[]).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  )
  return texts.length > 50 ? `${texts.slice(0, 50).join(', ')}, ...` : texts.join(', ')
}
