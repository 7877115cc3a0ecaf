import { stripe } from '../../../providers/stripe.ts'
import { type IdempotencyRule } from '../../behaviour.ts'
import { stripeRefusal } from './error.ts'

const { header, methods, maxKeyLength, retentionMs, replayMarker, differentRequest, inFlight } = stripe.idempotency

/** Stripe's rules for Idempotency-Key (docs.stripe.com, "Idempotent requests", read 2026-11-21). */
export const stripeIdempotency: IdempotencyRule = {
  header,
  methods,
  retentionMs,
  replayHeaders: replayMarker === undefined ? {} : { [replayMarker.header.toLowerCase()]: replayMarker.value },
  checkKey(key) {
    if (key.length <= maxKeyLength) return undefined
    const message = `Idempotency keys can be at most ${maxKeyLength} characters long, and this one has ${key.length}.`
    return { ...stripeRefusal(400, 'invalid_request_error', 'idempotency_key_too_long', message), unexecuted: true }
  },
  different(key, firstPath, { path }) {
    const message =
      firstPath === path
        ? `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
        : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${firstPath}'). Try using a key other than '${key}' if you meant to execute a different request.`
    return stripeRefusal(differentRequest.status, 'idempotency_error', differentRequest.code, message)
  },
  inFlight(key) {
    const message = `There is currently another in-progress request using this Idempotency Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
    return stripeRefusal(inFlight.status, 'idempotency_error', inFlight.code, message)
  },
}
