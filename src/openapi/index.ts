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
