import { type ApiDocument } from '../openapi/model.ts'
import { type Manifest } from '../providers/manifest.ts'

/** What a reader of plans knows about the provider, so that it can refuse names that will never match. */
export interface PlanNames {
  /** Every operation, by id and as `METHOD /template`. @default whatever is well-formed */
  readonly operations?: readonly string[]
  /** Every type of event that is sent. @default whatever is well-formed */
  readonly events?: readonly string[]
}

/** What the plan of a mock may name: operations from its document, events from its manifest where it has one. */
export function namesOf({ operations }: ApiDocument, manifest: Manifest | undefined): PlanNames {
  const names = operations.flatMap(({ name, id }) => (id === undefined ? [name] : [name, id]))
  return { operations: names, ...(manifest === undefined ? {} : { events: manifest.events }) }
}

/** What one plan for several mocks may name. */
export function joinNames(each: readonly PlanNames[]): PlanNames {
  const operations = each.flatMap((names) => names.operations ?? [])
  const events = each.flatMap((names) => names.events ?? [])
  return { ...(operations.length > 0 ? { operations } : {}), ...(events.length > 0 ? { events } : {}) }
}
