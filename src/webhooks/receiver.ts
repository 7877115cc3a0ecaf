import { bytesOf } from '../core/body.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { lightBodyOf } from '../core/light.ts'
import { pathOf } from '../core/record.ts'
import { type Service } from '../core/service.ts'
import { type Manifest } from '../providers/manifest.ts'
import { readEnvelope } from './envelope.ts'
import { type Inbox, type NewEvent, type PutResult } from './inbox.ts'
import { keepParsed, parseJson, valueAt } from './parsed-body.ts'
import { answer, type ReceiverOutcome, statusOf } from './receiver-exits.ts'
import { type RejectReason, requireScheme, verify } from './signature.ts'
import { weakId } from './weak-id.ts'
import { within } from './within.ts'

/** What the receiver tells about one delivery. Holds no header, no body and no secret, so it may be logged as it is. */
export interface ReceiverLine {
  readonly provider: string
  readonly outcome: ReceiverOutcome
  readonly status: number
  /** Why a signature was refused. */
  readonly reason?: RejectReason
  /** Which of the secrets matched: once the old one no longer does, it can go. */
  readonly secretIndex?: number
  /** The event, once its signature is known to be good. */
  readonly eventId?: string
  readonly type?: string
  readonly bytes?: number
}

export interface ReceiverOptions {
  /** Whose webhooks these are. */
  readonly provider: Pick<Manifest, 'name' | 'webhooks'>
  /** Signing secrets that are good now, newest first; a function is asked for every delivery, so secrets can be rotated. */
  readonly secrets: readonly string[] | (() => readonly string[])
  readonly inbox: Pick<Inbox<never>, 'put'>
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** Any other path is answered 404. @default every path is taken */
  readonly path?: string | undefined
  /** @default 1 MiB */
  readonly maxBytes?: number | undefined
  /** The whole body must have arrived by then. @default 10,000 */
  readonly bodyTimeoutMs?: number | undefined
  /** The inbox must have stored the event by then. @default 10,000 */
  readonly storeTimeoutMs?: number | undefined
  /** How old a delivery may be. @default the scheme's own tolerance */
  readonly toleranceMs?: number | null | undefined
  /** How far ahead a delivery may be dated. @default the scheme's own tolerance */
  readonly futureToleranceMs?: number | null | undefined
  /** The name of this endpoint, where one event goes to several and each must handle it. @default '' */
  readonly subscription?: string | undefined
  /** JSON pointer to the account that an event is about. @default '/account', where Stripe names a connected account */
  readonly accountAt?: string | undefined
  /** Events with the same lane are never handled at the same time. @default every event is free */
  readonly lane?: ((event: { readonly type: string; readonly data: unknown }) => string | undefined) | undefined
  /** Hears about every delivery; what it throws is ignored. @default nobody does */
  readonly log?: ((line: ReceiverLine) => void) | undefined
}

/**
 * Makes the service that a provider's webhooks are sent to: limits, raw bytes, signature, one durable
 * insert that dedupes, then 2xx. It answers anything a stranger sends and never rejects. Handling is a worker's job.
 *
 * Throws `usage` for a secret that is empty, for none at all, and for a scheme that is not supported.
 *
 * @example
 * const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox: createSqliteInbox({ database: 'inbox.db' }) })
 */
export function createReceiver(options: ReceiverOptions): Service {
  const { provider, secrets, path, log, clock = systemClock } = options
  requireScheme(provider.webhooks.scheme)
  if (typeof secrets !== 'function') requireSecrets(secrets)
  const read = bodyReader(clock, options)
  const store = storer(clock, options)

  async function receive(request: Request): Promise<Omit<ReceiverLine, 'provider' | 'status'>> {
    if (path !== undefined && pathOf(request.url) !== path) return { outcome: 'not_found' }
    if (request.method !== provider.webhooks.scheme.request.method) return { outcome: 'method_not_allowed' }
    const encoding = request.headers.get('content-encoding')
    if (encoding !== null && encoding !== 'identity') return { outcome: 'encoding_unsupported' }

    const body = await read(request)
    if (typeof body === 'string') return { outcome: body }
    const current = typeof secrets === 'function' ? secrets() : secrets
    if (current.every(isBlank)) return { outcome: 'no_secret', bytes: body.length }
    const { toleranceMs, futureToleranceMs } = options
    const verdict = verify(provider.webhooks.scheme, {
      headers: request.headers,
      body,
      secrets: current,
      nowMs: clock.now(),
      toleranceMs,
      futureToleranceMs,
      method: request.method,
      url: request.url,
    })
    if (!verdict.ok) return { outcome: 'rejected', reason: verdict.reason, bytes: body.length }

    const event = eventOf(request, body, options)
    const { eventId, type } = event
    const outcome = await store(event)
    return { outcome, secretIndex: verdict.secretIndex, eventId, type, bytes: body.length }
  }

  return async (request) => {
    let line: Omit<ReceiverLine, 'provider' | 'status'>
    try {
      line = await receive(request)
    } catch {
      line = { outcome: 'failed' }
    }
    try {
      log?.({ provider: provider.name, status: statusOf(line.outcome), ...line })
    } catch {
      // A log that fails must not turn a stored event into one that the provider sends again.
    }
    return answer(line.outcome)
  }
}

/** Reads at most so many bytes, in at most so much time; the name of an outcome when it cannot. */
function bodyReader(clock: Clock, { maxBytes = 2 ** 20, bodyTimeoutMs = 10_000 }: ReceiverOptions) {
  return async (request: Request): Promise<Uint8Array<ArrayBuffer> | ReceiverOutcome> => {
    // A declared length only ever refuses: what arrives is counted.
    if (Number(request.headers.get('content-length')) > maxBytes) return 'body_too_large'
    try {
      if (lightBodyOf(request) !== undefined) return await bytesOf(request, { maxBytes })
      const limit = new AbortController()
      const late = () => {
        limit.abort()
        return tooSlow(bodyTimeoutMs)
      }
      return await within(clock, bodyTimeoutMs, bytesOf(request, { maxBytes, signal: limit.signal }), late)
    } catch (error) {
      if (isGoodfenceError(error, 'body_too_large')) return 'body_too_large'
      if (isGoodfenceError(error, 'body_too_slow')) return 'body_too_slow'
      if (isGoodfenceError(error, 'body_consumed')) return 'body_consumed'
      return 'body_unreadable'
    }
  }
}

const outcomes: Readonly<Record<PutResult, ReceiverOutcome>> = {
  inserted: 'stored',
  duplicate: 'duplicate',
  revived: 'revived',
  conflict: 'conflict',
  full: 'inbox_full',
}

/** Puts one event into the inbox. An inbox that fails or hangs is an outcome too: the provider will come again. */
function storer(clock: Clock, { inbox, storeTimeoutMs = 10_000 }: ReceiverOptions) {
  const late = () =>
    new GoodfenceError('timeout', 'The inbox did not answer.', { timeoutMs: storeTimeoutMs, phase: 'attempt' })
  return async (event: NewEvent): Promise<ReceiverOutcome> => {
    try {
      const [result] = await within(clock, storeTimeoutMs, inbox.put([event]), late)
      if (result === undefined) return 'inbox_failed'
      return event.quarantined === true && result === 'inserted' ? 'quarantined' : outcomes[result]
    } catch {
      return 'inbox_failed'
    }
  }
}

/** The event that genuine bytes bring. What we cannot read is kept for people to look at. */
function eventOf(request: Request, body: Uint8Array<ArrayBuffer>, options: ReceiverOptions): NewEvent {
  const { provider, subscription = '', accountAt = '/account', lane } = options
  const data = parseJson(body)
  const envelope = readEnvelope(provider.webhooks.scheme, request.headers, data)
  const scope = { provider: provider.name, subscription, body }
  if (envelope === undefined) {
    return { ...scope, account: '', eventId: weakId(body), type: 'unreadable', quarantined: true }
  }
  keepParsed(body, data)
  const { id: eventId, type, occurredAtMs } = envelope
  const account = valueAt(data, accountAt)
  const chosen = lane?.({ type, data })
  return {
    ...scope,
    account: typeof account === 'string' ? account : '',
    eventId,
    type,
    ...(occurredAtMs === undefined ? {} : { occurredAtMs }),
    ...(chosen === undefined ? {} : { lane: chosen }),
  }
}

function tooSlow(timeoutMs: number): GoodfenceError {
  return new GoodfenceError('body_too_slow', `The body took longer than ${timeoutMs} ms.`, { timeoutMs })
}

function requireSecrets(secrets: readonly string[]): void {
  if (secrets.length > 0 && !secrets.some(isBlank)) return
  throw new GoodfenceError('usage', 'A webhook receiver needs at least one signing secret, and none that is empty.', {
    mend: 'pass the signing secret that the provider shows for the endpoint, for example from the environment',
  })
}

function isBlank(secret: string): boolean {
  return secret.trim() === ''
}
