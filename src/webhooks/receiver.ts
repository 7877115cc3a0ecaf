import { readsWithinLimits } from '../core/body.ts'
import { systemClock } from '../core/clock.ts'
import { printable } from '../core/printable.ts'
import { systemRandom } from '../core/random.ts'
import { pathOf } from '../core/record.ts'
import { type Service } from '../core/service.ts'
import { eventReader } from './delivered-events.ts'
import { diagnose } from './diagnose.ts'
import { inflate, isBodyEncoding } from './inflate.ts'
import { type NewEvent } from './inbox.ts'
import { handshakeMethods } from './handshake.ts'
import { bodyReader } from './receiver-body.ts'
import { answerer, methodRefusal, mountRefusal, type ReceiverOutcome, statusOf } from './receiver-exits.ts'
import { handshakes } from './receiver-handshake.ts'
import { keyFinder } from './receiver-keys.ts'
import { requireLimits } from './receiver-limits.ts'
import { type ReceiverEnd, type ReceiverOptions, type RefusalReason } from './receiver-options.ts'
import { type ActiveSecret } from './secrets.ts'
import { decoySecrets, needsSecrets, secretFinder } from './receiver-secrets.ts'
import { refuseUnusedSecrets, requireOptions } from './receiver-start.ts'
import { storer } from './receiver-store.ts'
import { requireScheme, type Verdict, verify, type VerifyOptions } from './signature.ts'

/**
 * Makes the service that a provider's webhooks are sent to: limits, raw bytes, signature, one durable
 * insert that dedupes, then 2xx. It answers anything a stranger sends and never rejects. Handling is a worker's job.
 *
 * Throws `usage` for a secret that is empty or a placeholder, for none at all, for a scheme that is not supported, and for
 * options that are missing, misspelt or never used.
 *
 * @example
 * const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox: createSqliteInbox({ database: 'inbox.db' }) })
 */
export function createReceiver(options: ReceiverOptions): Service {
  requireOptions(options, 'createReceiver')
  refuseUnusedSecrets(options)
  const receive = receiverOf(options)
  return readsWithinLimits((request) => receive(request, ''))
}

/**
 * Receives for one source. `account` is the one in the address, if there is one there; `foreignSecrets` are those of
 * other sources, which are easily mixed up.
 */
export function receiverOf(
  options: ReceiverOptions,
  foreignSecrets: () => readonly string[] = () => [],
): (request: Request, account: string) => Promise<Response> {
  const { provider, path, decompress, config, publicOrigin, backpressure } = options
  const { maxBytes = 2 ** 20, bodyTimeoutMs = 10_000, toleranceMs, futureToleranceMs } = options
  const { clock = systemClock, random = systemRandom } = options
  const { scheme } = provider.webhooks
  requireScheme(scheme)
  requireLimits(options)
  const findSecrets = secretFinder(options, clock)
  const findKeys = keyFinder(options, clock)
  const read = bodyReader(clock, maxBytes, bodyTimeoutMs)
  const eventsOf = eventReader(options)
  const store = storer(options, clock)
  const shaking = handshakes(options, clock)
  const tell = teller(options)
  const answer = answerer(provider.webhooks.delivery.answer, random)
  const deliveryMethods = [scheme.request.method, ...(scheme.request.otherMethods ?? [])]
  const methods = [...new Set([...deliveryMethods, ...handshakeMethods(scheme)])]
  const needsOwn = needsSecrets(scheme)
  const hasWeakIds = scheme.event.id === undefined

  async function receive(request: Request, account: string): Promise<ReceiverEnd> {
    const { method, url, headers } = request
    if (path !== undefined && pathOf(url) !== path) return { outcome: 'not_found' }
    if (!methods.includes(method)) return wrongMethod()
    const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
    const isEncoded = encoding !== 'identity'
    if (isEncoded && (decompress === undefined || !isBodyEncoding(encoding))) return { outcome: 'encoding_unsupported' }

    const sent = await read(request)
    if ('outcome' in sent) return noBody(sent.outcome, sent.mend)
    const bytes = sent.length
    const undo = () => (isEncoded && isBodyEncoding(encoding) ? inflate(sent, encoding, maxBytes) : sent)
    const signed = decompress === 'before-verify' ? undo() : sent
    if (typeof signed === 'string') return { outcome: `body_${signed}`, bytes }

    const asked = findSecrets(account)
    const secrets = asked instanceof Promise ? await asked : asked
    if (secrets === 'unavailable') return { outcome: 'key_unavailable', cause: 'secrets_failed', bytes }
    if (secrets === 'none-good') return { outcome: 'no_secret', bytes }
    const delivery: VerifyOptions = {
      headers,
      body: signed,
      secrets: (secrets === 'unknown' ? decoySecrets : secrets).map(({ value }) => value),
      nowMs: clock.now(),
      toleranceMs,
      futureToleranceMs,
      method,
      url: publicOrigin === undefined ? url : publicOrigin + url.slice(url.indexOf('/', url.indexOf('//') + 2)),
      ...(config === undefined ? {} : { config: typeof config === 'function' ? config(account) : config }),
    }
    if (secrets === 'unknown') {
      verify(scheme, delivery) // so that it takes as long as any other refusal
      return { outcome: 'rejected', reason: 'account_unknown', bytes }
    }
    const decode = decompress === 'after-verify' ? undo : () => signed
    return { ...(await judge({ request, account, delivery, secrets, decode })), bytes }
  }

  async function judge({ request, account, delivery, secrets, decode }: Arrival): Promise<ReceiverEnd> {
    const handshake = shaking.answerTo(delivery)
    if (handshake?.after === 'nothing') return shaking.carryOut(handshake, account)
    if (handshake === undefined && !deliveryMethods.includes(request.method)) return wrongMethod()
    if (needsOwn && secrets.length === 0) return { outcome: 'no_secret' }

    const found = findKeys === undefined ? undefined : await findKeys(delivery)
    if (found?.ok === false) {
      if (found.reason !== 'key_unavailable') return rejected(found.reason, delivery)
      return { outcome: found.reason, ...(found.code === undefined ? {} : { cause: found.code }) }
    }
    const verdict = verify(scheme, found === undefined ? delivery : { ...delivery, secrets: found.keys })
    if (!verdict.ok) {
      const response = handshake === undefined ? undefined : shaking.refuse(handshake)
      return { ...rejected(verdict.reason, delivery), ...(response === undefined ? {} : { response }) }
    }
    const proven = provenBy(verdict, secrets)
    if (handshake !== undefined) {
      // The digest that the provider expects is made with the secret that it signed with.
      const matched = delivery.secrets.slice(verdict.secretIndex, verdict.secretIndex + 1)
      const own = shaking.answerTo({ ...delivery, secrets: matched }) ?? handshake
      return { ...(await shaking.carryOut(own, account)), ...proven }
    }
    const body = decode()
    if (typeof body === 'string') return { outcome: `body_${body}` }
    return { ...(await keep(eventsOf({ request, body, account, nowMs: delivery.nowMs }))), ...proven }
  }

  function wrongMethod(): ReceiverEnd {
    return { outcome: 'method_not_allowed', response: methodRefusal(methods) }
  }

  function rejected(reason: RefusalReason, delivery: VerifyOptions): ReceiverEnd {
    if (options.diagnose !== true) return { outcome: 'rejected', reason }
    const diagnosis = diagnose(scheme, delivery, foreignSecrets())
    options.monitor?.keep({
      atMs: delivery.nowMs,
      provider: provider.name,
      reason,
      ...(diagnosis === undefined ? {} : { diagnosis }),
      bytes: delivery.body.length,
      headerNames: [...delivery.headers.keys()],
    })
    return { outcome: 'rejected', reason, ...(diagnosis === undefined ? {} : { diagnosis }) }
  }

  async function keep(events: readonly NewEvent[]): Promise<ReceiverEnd> {
    const [first] = events
    if (first === undefined) return { outcome: 'empty' }
    const isPutOff = backpressure?.takes(provider) === false
    const outcome = isPutOff ? 'shed' : await store(events)
    return {
      outcome,
      eventId: printable(first.eventId),
      type: printable(first.type),
      ...(events.length === 1 ? {} : { events: events.length }),
      ...(hasWeakIds ? { weakId: true } : {}),
    }
  }

  return async (request, account) => {
    let end: ReceiverEnd
    try {
      end = await receive(request, account)
    } catch {
      end = { outcome: 'failed' }
    }
    tell?.(end, account)
    return end.response ?? answer(end.outcome)
  }
}

/** A delivery whose bytes are here, with the secrets of its account. */
interface Arrival {
  readonly request: Request
  readonly account: string
  readonly delivery: VerifyOptions
  readonly secrets: readonly ActiveSecret[]
  /** The body as it is kept. */
  readonly decode: () => ReturnType<typeof inflate>
}

function provenBy(
  { secretIndex: at, bodySigned, replayProtection }: Verdict & { ok: true },
  secrets: readonly ActiveSecret[],
) {
  const { index: secretIndex = -1, id: secretId } = secrets[at] ?? {}
  const by = secretIndex < 0 ? {} : secretId === undefined ? { secretIndex } : { secretIndex, secretId }
  return { ...by, bodySigned, replayProtection }
}

function noBody(outcome: ReceiverOutcome, mend: string | undefined): ReceiverEnd {
  return mend === undefined ? { outcome } : { outcome, mend, response: mountRefusal(mend) }
}

/** Makes the function that tells log and monitor. What they fail on must not turn a stored event into one that is sent again. */
function teller({ provider: { name: provider }, log, monitor }: ReceiverOptions) {
  if (log === undefined && monitor === undefined) return undefined
  return ({ response: _, ...line }: ReceiverEnd, account: string): void => {
    try {
      const { outcome, reason } = line
      monitor?.count(reason === undefined ? { provider, outcome } : { provider, outcome, reason })
      const of = account === '' ? { provider } : { provider, account: printable(account) }
      log?.({ ...of, status: statusOf(outcome), ...line })
    } catch {
      // Nobody is left to be told.
    }
  }
}
