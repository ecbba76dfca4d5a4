// The checks of `npm test`, each a function that runs one tool, shows its output and says what its report says.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { setUpBrowser, softwareVulkan } from '../set-up/browser.mjs'
import { isBuilt } from '../set-up/bundle.mjs'
import { setUpElectron } from '../set-up/electron.mjs'
import { at, environment, readJson, runProgram, tool } from '../set-up/project.mjs'
import { SetUpError, say } from '../set-up/say.mjs'
import { setUp } from '../set-up.mjs'
import { nothingCounted, oneFailure, tallyPlaywright, tallyVitest, total } from './reports.mjs'

/** @typedef {import('./reports.mjs').Tally} Tally */

/** A runner that says nothing for this long hangs. */
const LONGEST_RUN_MS = 30 * 60_000

/** @param {string} name */
function reportFile(name) {
  const file = at('.cache', 'reports', name)
  mkdirSync(at('.cache', 'reports'), { recursive: true })
  // An old report must not speak for a run that wrote none.
  rmSync(file, { force: true })
  return file
}

/** @param {string} what @param {string} node @param {string[]} args @returns {Promise<Tally>} */
async function oneCheck(what, node, args) {
  const started = performance.now()
  const { code, output } = await runProgram(node, args, { env: environment(node) })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(`  ${code === 0 ? 'ok    ' : 'FAILED'} ${what} (${seconds} s)`)
  if (code === 0) return { ...nothingCounted(), passed: 1 }
  say(output.trimEnd())
  return oneFailure(what)
}

/** One tsconfig per environment: an API that an environment does not have does not compile. @param {string} node */
export async function types(node) {
  const configs = readdirSync(at('.')).filter(name => /^tsconfig\.(?!base)\w+\.json$/.test(name))
  const tallies = []
  for (const config of configs.sort())
    tallies.push(await oneCheck(`types: ${config}`, node, [tool('typescript', 'tsc'), '-p', config]))
  return total(tallies)
}

/** @param {string} node */
export const lint = node =>
  oneCheck('lint and format: biome', node, [tool('@biomejs/biome'), 'check', '--error-on-warnings'])

/** Everything that ships, bundled as it ships. @returns {Promise<Tally>} */
export async function build() {
  try {
    await setUp()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(error.message)
    return oneFailure('build')
  }
  say('  ok     out/ is built from these sources')
  return { ...nothingCounted(), passed: 1 }
}

/**
 * Unit, kernel and layer tests.
 * @param {string} node @param {string[]} args for vitest
 */
export async function unit(node, args) {
  const report = reportFile('vitest.json')
  const reasons = reportFile('skip-reasons.json')
  // A browser brings the software Vulkan driver of the kernel tests.
  const env = environment(node, { ...softwareVulkan(await setUpBrowser(node)), SKIP_REASONS_FILE: reasons })
  const reporters = ['default', 'json', './build/checks/skip-reasons.mjs'].map(name => `--reporter=${name}`)
  const { code, timedOut } = await runProgram(
    node,
    [tool('vitest'), 'run', ...reporters, `--outputFile.json=${report}`, ...args],
    { env, stdout: 'show', timeoutMs: LONGEST_RUN_MS },
  )
  if (!existsSync(report)) return oneFailure(`vitest wrote no report${timedOut ? ': it ran too long' : ''}`)
  return tallyVitest(readJson(report), existsSync(reasons) ? readJson(reasons) : {}, code)
}

/**
 * The built app in a real browser, and in Electron where its binary is.
 * @param {string} node @param {string[]} args for Playwright
 */
export async function e2e(node, args) {
  if (!isBuilt())
    return oneFailure('e2e: the app is not built from these sources, so there is nothing to test')
  const browser = await setUpBrowser(node)
  if (process.env.CI) await setUpElectron(node)
  if (browser) return playwright(node, browser, ['--project=browser', '--project=electron', ...args])
  const missed = await playwright(node, null, ['--project=browser', '--list', ...args])
  const reason = 'no Chromium, Chrome or Edge on this machine'
  const skips = missed.skips.map(({ name }) => ({ name, reason }))
  return total([{ ...missed, skips }, await playwright(node, null, ['--project=electron', ...args])])
}

/**
 * The pictures of the README, taken anew. No check: it runs only when named.
 * @param {string} node @param {string[]} args for Playwright
 */
export async function screenshots(node, args) {
  const browser = await setUpBrowser(node)
  return browser
    ? playwright(node, browser, ['--project=screenshots', ...args])
    : oneFailure('screenshots: no browser')
}

/** @param {string} node @param {string | null} browser @param {string[]} args @returns {Promise<Tally>} */
async function playwright(node, browser, args) {
  const report = reportFile('playwright.json')
  const { code, timedOut } = await runProgram(
    node,
    [tool('@playwright/test'), 'test', '--reporter=list,json', ...args],
    {
      env: environment(node, {
        ...softwareVulkan(browser),
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        ...(browser && { CHROMIUM_PATH: browser }),
      }),
      stdout: 'show',
      timeoutMs: LONGEST_RUN_MS,
    },
  )
  if (!existsSync(report))
    return oneFailure(`Playwright wrote no report${timedOut ? ': it ran too long' : ''}`)
  return tallyPlaywright(readJson(report), code)
}
