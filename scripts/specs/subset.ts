import {
  type Answer,
  type Document,
  type MediaType,
  methods,
  type Operation,
  type Parameter,
  type PathItem,
  type RequestBody,
  resolver,
} from './document.ts'
import { type Difference, schemaComparison, type Side } from './schema-subset.ts'

/** How much of the slice was compared. */
export interface Subset {
  readonly operations: number
  readonly differences: readonly Difference[]
}

/**
 * Compares a slice with the official document it is a part of: every path, parameter, field, type and value of the slice must exist
 * there, and a request must need what it needs there.
 */
export function compareDocuments(slice: Document, official: Document): Subset {
  const [resolveSlice, resolveOfficial] = [resolver(slice), resolver(official)]
  const schemas = schemaComparison(resolveSlice, resolveOfficial)
  const differences: Difference[] = []
  const differ = (at: string, message: string) => void differences.push({ at, message })
  let operations = 0

  for (const { url } of slice.servers ?? [])
    if (!official.servers?.some((server) => withoutSlash(server.url) === withoutSlash(url)))
      differ(`server ${url}`, 'does not exist there')

  const officialSchemes = official.components?.securitySchemes ?? {}
  for (const [name, scheme] of Object.entries(slice.components?.securitySchemes ?? {})) {
    const theirs = officialSchemes[name]
    if (theirs === undefined) differ(`security scheme ${name}`, 'does not exist there')
    else if (theirs.type !== scheme.type || theirs.scheme !== scheme.scheme)
      differ(`security scheme ${name}`, 'is of another kind there')
  }

  for (const [path, item] of Object.entries(slice.paths ?? {})) {
    const officialItem = official.paths?.[path]
    if (officialItem === undefined) {
      differ(path, 'does not exist there')
      continue
    }
    for (const method of methods) {
      const operation = item[method]
      if (operation === undefined) continue
      operations++
      const at = `${method.toUpperCase()} ${path}`
      const theirs = officialItem[method]
      if (theirs === undefined) differ(at, 'does not exist there')
      else
        compareOperations(
          at,
          { ...operation, parameters: parametersOf(item, operation) },
          { ...theirs, parameters: parametersOf(officialItem, theirs) },
        )
    }
  }
  return { operations, differences: [...differences, ...schemas.differences()] }

  function compareOperations(at: string, ours: Operation, theirs: Operation): void {
    if (ours.operationId !== undefined && ours.operationId !== theirs.operationId)
      differ(at, `is called ${ours.operationId} here, ${theirs.operationId} there`)
    compareParameters(
      at,
      (ours.parameters ?? []).map(resolveSlice<Parameter>),
      (theirs.parameters ?? []).map(resolveOfficial<Parameter>),
    )
    compareBodies(
      `${at} body`,
      ours.requestBody && resolveSlice(ours.requestBody),
      theirs.requestBody && resolveOfficial(theirs.requestBody),
    )
    for (const [status, answer] of Object.entries(ours.responses ?? {})) {
      const officialAnswer = theirs.responses?.[status]
      if (officialAnswer === undefined) differ(`${at} ${status}`, 'does not exist there')
      else compareAnswers(`${at} ${status}`, resolveSlice(answer), resolveOfficial(officialAnswer))
    }
  }

  function compareParameters(at: string, ours: readonly Parameter[], theirs: readonly Parameter[]): void {
    const find = (list: readonly Parameter[], like: Parameter) =>
      list.find((one) => one.name === like.name && one.in === like.in)
    for (const parameter of ours) {
      const place = `${at} ${parameter.in} ${parameter.name}`
      const officialOne = find(theirs, parameter)
      if (officialOne === undefined) {
        differ(place, 'does not exist there')
        continue
      }
      if (parameter.required === true && officialOne.required !== true) differ(place, 'is required only here')
      if (written(parameter) !== written(officialOne))
        differ(place, `is written as ${written(parameter)} here, ${written(officialOne)} there`)
      if (parameter.schema !== undefined && officialOne.schema !== undefined)
        schemas.add(place, parameter.schema, officialOne.schema, 'request')
    }
    for (const parameter of theirs)
      if (parameter.required === true && find(ours, parameter)?.required !== true)
        differ(`${at} ${parameter.in} ${parameter.name}`, 'is required there, not here')
  }

  function compareBodies(at: string, ours: RequestBody | undefined, theirs: RequestBody | undefined): void {
    if (ours === undefined) {
      if (theirs?.required === true) differ(at, 'is required there, not here')
      return
    }
    if (theirs === undefined) return differ(at, 'does not exist there')
    if (ours.required !== theirs.required && (ours.required ?? false) !== (theirs.required ?? false))
      differ(at, ours.required === true ? 'is required only here' : 'is required there, not here')
    compareContents(at, ours.content, theirs.content, 'request')
  }

  function compareAnswers(at: string, ours: Answer, theirs: Answer): void {
    for (const name of Object.keys(ours.headers ?? {}))
      if (theirs.headers?.[name] === undefined) differ(`${at} header ${name}`, 'does not exist there')
    compareContents(at, ours.content, theirs.content, 'answer')
  }

  function compareContents(at: string, ours: RequestBody['content'], theirs: RequestBody['content'], side: Side): void {
    for (const [type, media] of Object.entries(ours ?? {})) {
      const officialMedia = theirs?.[type]
      if (officialMedia === undefined) {
        differ(`${at} ${type}`, 'does not exist there')
        continue
      }
      if (side === 'request') compareEncodings(at, media, officialMedia)
      if (media.schema !== undefined && officialMedia.schema !== undefined)
        schemas.add(at, media.schema, officialMedia.schema, side)
    }
  }

  function compareEncodings(at: string, ours: MediaType, theirs: MediaType): void {
    const fields = Object.keys(ours.schema === undefined ? {} : (resolveSlice(ours.schema).properties ?? {}))
    for (const name of new Set([...fields, ...Object.keys(ours.encoding ?? {})])) {
      const [encoding, officialEncoding] = [ours.encoding?.[name], theirs.encoding?.[name]]
      if (written(encoding) !== written(officialEncoding))
        differ(`${at}.${name}`, `is written as ${written(encoding)} here, ${written(officialEncoding)} there`)
    }
  }
}

function parametersOf(item: PathItem, operation: Operation): readonly Parameter[] {
  return [...(item.parameters ?? []), ...(operation.parameters ?? [])]
}

const withoutSlash = (url: string) => url.replace(/\/$/, '')

/** Style and explode with their defaults (OpenAPI 3.0.3, "Parameter Object" and "Encoding Object"). */
function written(how: { in?: string; style?: string; explode?: boolean } = {}): string {
  const { style = how.in === 'path' || how.in === 'header' ? 'simple' : 'form' } = how
  const { explode = style === 'form' } = how
  return explode ? `exploded ${style}` : style
}
