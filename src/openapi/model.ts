import { type ReferenceTable } from './references.ts'

/** A schema as it stands in the document: 3.0's dialect or JSON Schema 2020-12. */
export type Schema = boolean | { readonly [keyword: string]: unknown }

/** Any object of the document. */
export type Node = { readonly [key: string]: unknown }

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

/** One declared parameter, its reference resolved. */
export interface Parameter {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  readonly style: string
  readonly explode: boolean
  readonly schema: Schema | undefined
  /** The media type, where the parameter carries one instead of a style. */
  readonly contentType?: string
  readonly raw: Node
}

/** The body that an operation takes, its reference resolved. */
export interface RequestBody {
  readonly required: boolean
  readonly content: Readonly<Record<string, Node>>
}

/** One declared answer, its reference resolved. */
export interface DeclaredResponse {
  readonly content: Readonly<Record<string, Node>>
  readonly headers: Readonly<Record<string, unknown>>
  readonly raw: Node
}

/** One method of one path. What hangs below references is resolved on first use. */
export interface Operation {
  readonly id?: string
  /** `POST /v1/payment_intents` */
  readonly name: string
  /** In capitals. */
  readonly method: string
  readonly template: string
  /** Where it stands in the document, as a JSON pointer. */
  readonly pointer: string
  readonly parameters: readonly Parameter[]
  readonly requestBody: RequestBody | undefined
  /** By status as the document writes it: `200`, `4XX`, `default`. */
  readonly responses: Readonly<Record<string, DeclaredResponse>>
  /** The operation's own demand, or else the document's. An empty list asks for nothing. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly tags: readonly string[]
  readonly raw: Node
}

/** The operation that a request is for, with the values of its path parameters, decoded. */
export interface Match {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
}

/** A description of an API, indexed and ready to be asked. */
export interface ApiDocument {
  readonly path: string
  readonly title: string
  readonly version: string
  /** Major and minor version of the specification it is written in. */
  readonly openapi: '3.0' | '3.1' | '3.2'
  readonly raw: Node
  readonly operations: readonly Operation[]
  /** Base URLs, their variables filled with the defaults. */
  readonly servers: readonly string[]
  /** Static segments win over parameters; a path that starts with a server's base path is matched too. */
  match(method: string, path: string): Match | undefined
  /** The methods that the path of a request has, for 405 answers; empty where the path is unknown. */
  allowed(path: string): readonly string[]
  /** Finds an operation by its `operationId` or by `METHOD /template`. */
  operation(name: string): Operation | undefined
  /** Looks a schema up by its name under components or by any reference. */
  schema(reference: string): Schema | undefined
  /** What a JSON pointer (`#/a/b`) leads to, references on the way followed. */
  resolve(pointer: string): unknown
  readonly references: ReferenceTable
}

/** Something in a request or a response that the document does not allow. */
export interface Problem {
  readonly in: ParameterPlace | 'body' | 'status'
  /** Into the value (`/items/0/price`); for parameters the first segment is the parameter's name. */
  readonly pointer: string
  /** The pointer as forms and queries write it: `items[0][price]`. Empty for the whole body. */
  readonly name: string
  readonly message: string
  /** The schema's keyword that refused, or one of `contentType`, `syntax`, `status`, `required`. */
  readonly keyword: string
  /** What the keyword says more: `missingProperty`, `allowedValues`, `type`, `limit`, `additionalProperty`... */
  readonly params: Readonly<Record<string, unknown>>
}

/** Whether a value is an object with keys, neither an array nor null. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value can stand where a schema is expected. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'boolean' || isNode(value)
}

/** What a document says in a word; numbers count, since YAML reads 3.1 as one. */
export function wordOf(value: unknown, fallback = ''): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : fallback
}
