import { type Random, randomToken, randomUuid } from '../../core/random.ts'
import { type ApiDocument } from '../../openapi/model.ts'
import { createSampler } from '../../openapi/sampler.ts'
import { validatorsOf } from '../../openapi/validators.ts'
import { type SchemaView } from './schema-view.ts'

/** Makes ids of one kind in the shape that its schema and examples show. */
export function idMaker(document: ApiDocument, kind: string, view: SchemaView, random: Random): () => string | number {
  const { types, keywords } = view
  let count = 0
  if (types[0] === 'integer' || types[0] === 'number') return () => ++count
  const draw = createSampler({ document, random, direction: 'response', useExamples: false, optional: 'none' })
  const shapes: readonly (() => string)[] = [
    ...shapesOfExample(exampleIn(keywords), random),
    () => `${singular(kind)}_${randomToken(random, 16)}`,
    () => randomUuid(random),
    () => `${++count}`,
    () => randomToken(random, 16),
    () => String(draw(keywords)),
  ]
  const fits = (id: string) => validatorsOf(document).check(keywords, 'response')(id).length === 0
  const shape = shapes.find((make) => fits(make()))
  return shape ?? (() => String(draw(keywords)))
}

/** A prefix with as many letters and digits behind it, a UUID, or a number, where the example is one. */
function shapesOfExample(example: string | undefined, random: Random): readonly (() => string)[] {
  if (example === undefined) return []
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(example)) return [() => randomUuid(random)]
  if (/^\d+$/.test(example))
    return [() => `${1 + Math.floor(random() * 9 * 10 ** (example.length - 1))}`.padStart(example.length, '1')]
  const [, prefix = '', rest = ''] = /^([A-Za-z]+[_-])([A-Za-z0-9]{4,})$/.exec(example) ?? []
  return prefix === '' ? [] : [() => prefix + randomToken(random, rest.length)]
}

/** One of what a plural names, as far as English lets it be told. */
export function singular(kind: string): string {
  if (/ies$/i.test(kind)) return `${kind.slice(0, -3)}y`
  if (/(?:ses|xes|ches|shes)$/i.test(kind)) return kind.slice(0, -2)
  return /[^s]s$/i.test(kind) ? kind.slice(0, -1) : kind
}

function exampleIn({ example, examples }: Readonly<Record<string, unknown>>): string | undefined {
  const first: unknown = example ?? (Array.isArray(examples) ? examples[0] : undefined)
  return typeof first === 'string' ? first : undefined
}
