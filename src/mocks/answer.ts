import { bytesOf } from '../core/body.ts'
import { type JsonBody } from '../core/json-body.ts'
import { lightResponse } from '../core/light.ts'

/** An answer as plain data: it can be stored, compared and sent more than once. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer> | JsonBody | null
}

const answerKey = Symbol('answer')
type Answering = Response & { [answerKey]?: Answer }

/** Makes the response that carries an answer. The one place where a mock makes responses. */
export function respond(answer: Answer): Response {
  const response: Answering = lightResponse(answer.body, answer)
  response[answerKey] = answer
  return response
}

/** The answer that a response carries, and a response to go on with: reading a foreign body spends it. */
export async function answerOf(response: Response): Promise<{ answer: Answer; response: Response }> {
  const known = (response as Answering)[answerKey]
  if (known !== undefined) return { answer: known, response }
  const body = response.body === null ? null : await bytesOf(response)
  const answer = { status: response.status, headers: Object.fromEntries(response.headers), body }
  return { answer, response: respond(answer) }
}
