// End-to-end tests: the built app in a real Chromium (`browser`) and in the desktop shell (`electron`).
// `npm run e2e` finds the browser and names it in CHROMIUM_PATH; without it Playwright takes its own.
import { defineConfig } from '@playwright/test'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: true,
  // Two files at once wait less, 6 minutes instead of 10 on two cores; more would only slow each other down, as each trains a
  // model. A retry would hide a race.
  workers: 2,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1280, height: 800 },
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
      args: [
        // Chromium refuses its sandbox to root.
        ...(isRoot ? ['--no-sandbox'] : []),
        // A software adapter stands in for the GPU where there is none.
        '--enable-unsafe-webgpu',
      ],
    },
  },
  projects: [
    { name: 'browser', testIgnore: ['**/electron.spec.ts', '**/screenshots/**'] },
    { name: 'electron', testMatch: ['**/electron.spec.ts'] },
    // `npm run screenshots`: the pictures of the README, no test.
    { name: 'screenshots', testMatch: ['**/screenshots/*.spec.ts'] },
  ],
})
