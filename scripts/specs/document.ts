/** What the comparison needs to know of a document. Everything is optional: documents are read, not believed. */
export interface Document {
  readonly servers?: readonly { readonly url: string }[]
  readonly paths?: Readonly<Record<string, PathItem>>
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, SecurityScheme>> }
}

export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

export type PathItem = Readonly<Partial<Record<(typeof methods)[number], Operation>>> & {
  /** Parameters of every operation on the path. */
  readonly parameters?: readonly Parameter[]
}

export interface Operation {
  readonly operationId?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: RequestBody
  readonly responses?: Readonly<Record<string, Answer>>
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly style?: string
  readonly explode?: boolean
  readonly schema?: Schema
}

export interface RequestBody {
  readonly required?: boolean
  readonly content?: Readonly<Record<string, MediaType>>
}

export interface Answer {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<Record<string, MediaType>>
}

export interface MediaType {
  readonly schema?: Schema
  readonly encoding?: Readonly<Record<string, { readonly style?: string; readonly explode?: boolean }>>
}

export interface SecurityScheme {
  readonly type: string
  readonly scheme?: string
}

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly [keyword: string]: unknown
}

/** Follows `$ref`s inside one document until something else stands there. */
export function resolver(document: object): <T extends object>(value: T) => T {
  return (value) => {
    let at: object = value
    for (let hops = 0; '$ref' in at && typeof at.$ref === 'string'; hops++) {
      const target = lookUp(document, at.$ref)
      if (target === undefined || hops > 100) throw new Error(`The reference ${at.$ref} leads nowhere.`)
      at = target
    }
    return at as typeof value
  }
}

function lookUp(document: object, reference: string): object | undefined {
  const names = reference.startsWith('#/') ? reference.slice(2).split('/') : ['']
  let at: unknown = document
  for (const name of names) {
    const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
  }
  return typeof at === 'object' && at !== null ? at : undefined
}
