import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { mainFields: ['module', 'main'], dedupe: ['@tensorflow/tfjs-core'] },
  test: {
    include: ['tests/{shared,main,desktop,engine,ui,layers,build,fault}/**/*.test.{ts,tsx}'],
    server: { deps: { inline: [/@tensorflow/] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
