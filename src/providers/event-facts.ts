/**
 * Where a delivery tells which event it brings: a JSON pointer (`*` for each element), or `header:NAME`, `query:NAME`,
 * `form:NAME`, `form-json:FIELD:/pointer`, `jwt:/pointer` for a claim, `xml:/path`. Several with ` + ` between them make
 * one value together.
 */
export interface EventFacts {
  /** Stays the same however often the event is delivered. @default the provider sends none */
  readonly id?: string
  readonly type?: string
  readonly time?: string
  /** The version of the API that the event is written for. @default it is not said */
  readonly version?: string
  /**
   * Deliveries say only that something changed: two of them may be the same bytes, and are two events. @default an event
   * without an id is known by its bytes
   */
  readonly thin?: boolean
  /** Taken from memory or other people's pages, not from a delivery or the provider's own. @default false */
  readonly unchecked?: boolean
}
