import { type Clock } from '../core/clock.ts'
import { type Journal } from '../core/journal.ts'
import { type Random } from '../core/random.ts'
import { type ApiDocument, type Match, type Operation, type Problem } from '../openapi/model.ts'
import { type Answer } from './answer.ts'
import { type Exchange } from './exchange.ts'
import { type Refusal } from './refusal.ts'
import { type Resource } from './resources/collection.ts'
import { type Store } from './resources/store.ts'

/** What a provider says and does beyond its document. Everything left out follows the document alone. */
export interface Behaviour {
  readonly name: string
  /** Puts a refusal into the provider's envelope. */
  readonly errorAnswer: (refusal: Refusal, exchange: Exchange) => Answer
  /** Headers that every answer carries. */
  readonly headers?: (request: Request, exchange: Exchange) => Readonly<Record<string, string>>
  /** Whether the provider has no such path, although a template of the document takes it. @default it has them all */
  readonly lacks?: (match: Match) => boolean
  /** Names the account a request acts for. Needs no valid credentials. */
  readonly tenantOf?: (request: Request) => string
  /** Says no to a request without valid credentials. */
  readonly authenticate?: (request: Request, exchange: Exchange) => Refusal | undefined
  /** Says no to a request by its headers alone, before its body is read. */
  readonly accepts?: (request: Request, exchange: Exchange) => Refusal | undefined
  /** Puts what the document does not allow into the provider's words. `undeclared`: query parameters it does not know. */
  readonly invalid: (
    problems: readonly Problem[],
    undeclared: readonly string[],
    exchange: Exchange,
  ) => Refusal | undefined
  /** The refusal for a path or method that does not exist. */
  readonly unknownUrl?: (exchange: Exchange, allowed: readonly string[]) => Refusal
  readonly idempotency?: IdempotencyRule
  /** Names an exchange as the provider does. @default a UUID */
  readonly requestId?: (random: Random) => string
  /** The header that tells the caller that name. */
  readonly requestIdHeader?: string
  /** What the provider says when a fault makes it answer with a status. */
  readonly faultRefusal?: (status: number, code: string | undefined) => Refusal
  /** What the provider says when an account asks too often. */
  readonly rateLimited?: (retryAfterMs: number) => Refusal
  /** Brings the provider to life: called at the start and after each reset. */
  readonly start: (world: World) => Life
}

/** How a provider treats the key that makes repeating a request safe. */
export interface IdempotencyRule {
  readonly header: string
  readonly methods: readonly string[]
  readonly retentionMs: number
  /** Says no to a key that cannot be one. */
  readonly checkKey: (key: string) => Refusal | undefined
  /** The key came before with another request. */
  readonly different: (key: string, firstPath: string, exchange: Exchange) => Refusal
  /** The key's first request is still running. */
  readonly inFlight: (key: string, exchange: Exchange) => Refusal
  /** Headers that mark an answer as a replay. */
  readonly replayHeaders: Readonly<Record<string, string>>
  /** Whether an answer is remembered. @default every answer of a begun execution */
  readonly stores?: (answer: Answer) => boolean
}

/** What a provider's behaviour may use. */
export interface World {
  readonly document: ApiDocument
  readonly clock: Clock
  /** Chance for one purpose; the same name gives the same draws after each reset. */
  readonly random: (name: string) => Random
  readonly store: Store
  readonly journal: Journal
  readonly webhooks: WebhookPort
}

/** A provider's way to those who want to hear of events. */
export interface WebhookPort {
  /** How many targets want events of this type: nothing has to be written for nobody. */
  readonly wanted: (type: string) => number
  readonly send: (event: {
    readonly id: string
    readonly type: string
    readonly body: Uint8Array<ArrayBuffer>
    readonly createdMs: number
  }) => void
  readonly add: (target: { readonly url: string; readonly secret: string; readonly events: readonly string[] }) => void
  readonly remove: (url: string) => void
  /** How many targets have not yet taken each event; events that all have taken are not in it. */
  readonly pending: () => ReadonlyMap<string, number>
}

/** Answers one operation. Everything between its first read and its last write happens in one turn. */
export type Handler = (exchange: Exchange) => Answer

/** A provider between two resets. */
export interface Life {
  /** The handler of an operation, or none where the document alone must do. */
  readonly handler: (operation: Operation) => Handler | undefined
  /** The objects of one kind as the provider sees them. */
  readonly objects: (kind: string) => readonly Resource[]
  /** Ends what waits for a person, such as an authentication. Throws a `usage` error where nothing waits. */
  readonly completeAction?: (id: string, how: 'succeed' | 'fail') => void
}
