/**
 * What a consumer really uses of its provider, kept as a contract.
 *
 * @module
 */
export { type Pact, pactFile, type PactOptions } from './pact.ts'
export { createUsage, recordMessages, recordUsage, type Usage, type UsedExchange, type UsedMessage } from './usage.ts'
