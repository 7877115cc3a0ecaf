/**
 * What a consumer really uses of its provider, kept as a contract.
 *
 * @module
 */
export { conformance, type ConformanceOptions, type Nonconformity } from './conformance.ts'
export { type ProviderState } from './given.ts'
export { type Pact, pactFile, type PactOptions } from './pact.ts'
export { createUsage, recordMessages, recordUsage, type Usage, type UsedExchange, type UsedMessage } from './usage.ts'
export { type VerifiedRequest, verifierFilter, type VerifierFilterOptions } from './verifier-filter.ts'
