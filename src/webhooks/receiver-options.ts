import { type Clock } from '../core/clock.ts'
import { type Random } from '../core/random.ts'
import { type Service } from '../core/service.ts'
import { type Handshake } from '../providers/handshake.ts'
import { type WebhookProvider } from '../providers/webhook-provider.ts'
import { type Backpressure } from './backpressure.ts'
import { type KeyRefusal } from './fetch-keys.ts'
import { type HandshakeRefusal } from './handshakes/handshake-kind.ts'
import { type Inbox, type Place } from './inbox.ts'
import { type KeySource } from './key-source.ts'
import { type Order, type PlaceTable } from './orders/order-table.ts'
import { type ReceiverOutcome } from './receiver-exits.ts'
import { type ReceiverMonitor } from './receiver-monitor.ts'
import { type SecretList, type SecretSource } from './secrets.ts'
import { type RejectReason } from './reject-reason.ts'
import { type ReplayProtection } from './replay-protection.ts'

/** Why a delivery or a handshake was refused. `account_unknown`: there are no secrets for the account in the address. */
export type RefusalReason = RejectReason | KeyRefusal | HandshakeRefusal | 'account_unknown'

/** What the receiver tells about one delivery. Holds no header, no body and no secret, so it may be logged as it is. */
export interface ReceiverLine {
  readonly provider: string
  /** Of the address, where several accounts have one each. */
  readonly account?: string
  readonly outcome: ReceiverOutcome
  readonly status: number
  /** Why a signature or a handshake was refused. */
  readonly reason?: RefusalReason
  /** Why a key or the secrets could not be had just now: `secrets_failed`, `timeout`, `network`, `status_503` and the like. */
  readonly cause?: string
  /** How to mount the receiver, where its body was read before. */
  readonly mend?: string
  /** What was asked before or between deliveries. */
  readonly handshake?: Handshake['kind']
  /** The mistake that would explain the refusal. Only of receivers that `diagnose`. */
  readonly diagnosis?: string
  /** Which of the secrets matched: once the old one no longer does, it can go. */
  readonly secretIndex?: number
  /** What its source calls it. */
  readonly secretId?: string
  /** False where the signature says nothing of the body: anybody could have written it. */
  readonly bodySigned?: boolean
  /** What tells the delivery from itself, when somebody sends it again. */
  readonly replayProtection?: ReplayProtection
  /** The event, once its signature is known to be good; of several, the first. */
  readonly eventId?: string
  readonly type?: string
  /** How many events came, where it is not one. */
  readonly events?: number
  /** The provider sends no id, so that this one was made of the bytes: two equal deliveries are one event. */
  readonly weakId?: true
  readonly bytes?: number
}

/** What became of a delivery, with an answer where it is not the usual one. */
export interface ReceiverEnd extends Omit<ReceiverLine, 'provider' | 'account' | 'status'> {
  readonly status?: number
  readonly response?: Response
}

/** What receivers may share. */
export interface SharedReceiverOptions {
  readonly inbox: Pick<Inbox<never>, 'put'>
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** Spreads the times at which senders come again. @default the system's */
  readonly random?: Random | undefined
  /** @default 1 MiB */
  readonly maxBytes?: number | undefined
  /** The whole body must have arrived by then. @default 10,000 */
  readonly bodyTimeoutMs?: number | undefined
  /** The secrets must be there by then. @default 5,000 */
  readonly secretTimeoutMs?: number | undefined
  /** The inbox must have stored the event by then. @default 10,000 */
  readonly storeTimeoutMs?: number | undefined
  /** Scheme and host under which providers know this receiver, such as `https://shop.example`. @default those of the request */
  readonly publicOrigin?: string | undefined
  /** Puts deliveries off while too much waits. @default only the inbox's own limit does */
  readonly backpressure?: Pick<Backpressure, 'takes'> | undefined
  /**
   * Fetches keys, and visits the addresses by which a provider wants its subscriptions confirmed. They are the
   * provider's own. @default one that reaches public addresses only
   */
  readonly fetch?: Service | undefined
  /** Hears about every delivery; what it throws is ignored. @default nobody does */
  readonly log?: ((line: ReceiverLine) => void) | undefined
  /** Counts every delivery, and keeps samples of those refused where `diagnose` is set. @default nobody does */
  readonly monitor?: Pick<ReceiverMonitor, 'count' | 'keep'> | undefined
  /**
   * For development: says in the log which common mistake would explain a refused signature. Costs several
   * digests for each, and tells those who read the log what a stranger should not know. @default false
   */
  readonly diagnose?: boolean | undefined
}

/** What is known of an event before it is stored. */
export interface ArrivedEvent {
  readonly id: string
  readonly type: string
  readonly account: string
  readonly data: unknown
}

/** What a receiver needs to know of the deliveries of one provider. */
export interface SourceOptions {
  /** Whose webhooks these are. */
  readonly provider: Pick<WebhookProvider, 'name' | 'webhooks'>
  /**
   * Signing secrets that are good now, newest first; or where they come from, which is asked for every delivery, so
   * secrets can be rotated: `fromEnv`, `fromFile`, `fromStore`, or a function of your own. @default none, for schemes
   * whose keys are fetched or that have none
   */
  readonly secrets?: SecretList | SecretSource | undefined
  /** Where keys are had that deliveries name. @default a source of its own, which asks the provider's addresses by `fetch` */
  readonly keys?: Pick<KeySource, 'keysFor'> | undefined
  /**
   * Keeps a secret that the provider chose and sends before its first delivery, which is answered once this is done. Only asked
   * while `secrets` has none. @default no secret is taken
   */
  readonly onSecret?: ((secret: string, account: string) => void | Promise<void>) | undefined
  /** Values that the scheme signs along and only the account's owner knows; a function of the account in the address. @default none */
  readonly config?:
    | Readonly<Record<string, string>>
    | ((account: string) => Readonly<Record<string, string>>)
    | undefined
  /** @default 1 MiB */
  readonly maxBytes?: number | undefined
  /** How old a delivery may be. @default the scheme's own tolerance */
  readonly toleranceMs?: number | null | undefined
  /** How far ahead a delivery may be dated. @default the scheme's own tolerance */
  readonly futureToleranceMs?: number | null | undefined
  /**
   * Takes bodies in gzip, deflate or br, up to `maxBytes` and a hundred times what came. `before-verify`: what was
   * encoded is signed. `after-verify`: the encoded bytes are. @default refused with 415
   */
  readonly decompress?: 'before-verify' | 'after-verify' | undefined
  /**
   * The name of this endpoint, where one event goes to several and each must handle it. It is part of what makes an event
   * known. @default '', and among several sources the name of the source, so that none can take an id from another
   */
  readonly subscription?: string | undefined
  /** JSON pointer to the account that an event is about. @default '/account', where Stripe names a connected account */
  readonly accountAt?: string | undefined
  /**
   * How the events of each type follow each other: the table that the worker has. @default every event is free, unless the
   * provider itself brings one after the other
   */
  readonly order?: Order<PlaceTable> | undefined
  /** Events with the same lane are never handled at the same time; a place says more. @default what `order` says */
  readonly lane?: ((event: ArrivedEvent) => string | Place | undefined) | undefined
}

export interface ReceiverOptions extends SharedReceiverOptions, SourceOptions {
  /** Any other path is answered 404. @default every path is taken */
  readonly path?: string | undefined
}
