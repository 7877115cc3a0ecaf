import { defineConfig } from 'vitest/config'

const conditions = ['goodfence-source']

export default defineConfig({
  // Inside the repository the package's own name means its sources.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    retry: 0,
    testTimeout: 30_000,
  },
})
