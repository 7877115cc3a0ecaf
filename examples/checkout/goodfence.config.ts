import { defineConfig } from 'goodfence/scenarios'
import { careful } from './careful/goodfence.config.ts'
import { careless } from './careless/goodfence.config.ts'

export default defineConfig({ provider: 'stripe', subject: [careful, careless] })
