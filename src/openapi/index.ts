export { type FormLimits, type FormValue, encodeForm, parseForm } from './form.ts'
export { type LoadOptions, loadDocument } from './load.ts'
export { readDocument } from './document.ts'
export type {
  ApiDocument,
  DeclaredResponse,
  Match,
  Node,
  Operation,
  Parameter,
  Problem,
  RequestBody,
  Schema,
} from './model.ts'
export { type RequestParts, type ValidatedRequest, validateRequest } from './validate-request.ts'
export { notEnforced } from './not-enforced.ts'
export { type SampleOptions, type SampledResponse, sampleResponse, sampleSchema } from './sample.ts'
export { validateResponse } from './validate-response.ts'
