export { type Generated, generate, type GenerateOptions } from './generate.ts'
