import { seededRandom } from '../core/random.ts'
import { slug } from '../core/slug.ts'
import { type ApiDocument, type Operation, type Problem } from '../openapi/model.ts'
import { type Behaviour, type IdempotencyRule } from './behaviour.ts'
import { demandedAuth } from './document-auth.ts'
import { errorInStyle } from './error-style.ts'
import { type Exchange } from './exchange.ts'
import { type Refusal } from './refusal.ts'
import { documentLife } from './resources/document-life.ts'

/** What a provider does of which nothing is known but its document. */
export function documentBehaviour(document: ApiDocument): Behaviour {
  const idempotency = declaresKeys(document) ? keysAsDrafted : undefined
  return {
    name: slug(document.title, 40) || 'provider',
    errorAnswer: (refusal, { match, requestId }) =>
      errorInStyle(document, match?.operation, refusal, seededRandom(requestId, 'error')),
    authenticate: (request, { match, query }) =>
      match === undefined ? undefined : demandedAuth(document, match.operation, request, query),
    invalid: (problems, _, exchange) => invalid(problems, exchange),
    ...(idempotency === undefined ? {} : { idempotency }),
    start: documentLife,
  }
}

/** The first problem decides the status, all of them make the message. */
function invalid(problems: readonly Problem[], { match }: Exchange): Refusal | undefined {
  const [first] = problems
  if (first === undefined) return undefined
  const list = problems.slice(0, 5).map((problem) => sentence(problem))
  const message = list.join(' ')
  if (first.keyword === 'contentType') return { status: 415, code: 'unsupported_media_type', message, unexecuted: true }
  return { status: statusFor(match?.operation), code: 'invalid_request', message, unexecuted: true }
}

function sentence({ in: place, name, message }: Problem): string {
  const text = message.replace(/\.$/, '')
  return name === '' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : `${name} (${place}) ${text}.`
}

/** 400, unless the operation declares 422 and not 400. */
function statusFor(operation: Operation | undefined): number {
  return operation !== undefined && '422' in operation.responses && !('400' in operation.responses) ? 422 : 400
}

const keyHeader = 'Idempotency-Key'

function declaresKeys({ operations }: ApiDocument): boolean {
  return operations.some(({ parameters }) =>
    parameters.some(({ in: place, name }) => place === 'header' && name.toLowerCase() === keyHeader.toLowerCase()),
  )
}

/** draft-ietf-httpapi-idempotency-key-header-07, sections 2.6 and 2.7: 409 while it runs, 422 for another request. */
const keysAsDrafted: IdempotencyRule = {
  header: keyHeader,
  methods: ['POST', 'PATCH'],
  retentionMs: 24 * 3_600_000,
  checkKey: () => undefined,
  different: (key) => ({
    status: 422,
    code: 'idempotency_key_reused',
    message: `The key ${key} came before with another request.`,
  }),
  inFlight: (key) => ({
    status: 409,
    code: 'idempotency_key_in_use',
    message: `The first request with the key ${key} is still running.`,
  }),
  replayHeaders: {},
  stores: ({ status }) => status < 500,
}
