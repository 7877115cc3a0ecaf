import { bytesOf } from '../core/body.ts'
import { lightResponse } from '../core/light.ts'

/** An answer as plain data: it can be stored, compared and sent more than once. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer> | null
}

const answers = new WeakMap<Response, Answer>()

/** Makes the response that carries an answer. The one place where a mock makes responses. */
export function respond(answer: Answer): Response {
  const response = lightResponse(answer.body, answer)
  answers.set(response, answer)
  return response
}

/** The answer that a response carries, and a response to go on with: reading a foreign body spends it. */
export async function answerOf(response: Response): Promise<{ answer: Answer; response: Response }> {
  const known = answers.get(response)
  if (known !== undefined) return { answer: known, response }
  const body = response.body === null ? null : await bytesOf(response)
  const answer = { status: response.status, headers: Object.fromEntries(response.headers), body }
  return { answer, response: respond(answer) }
}
