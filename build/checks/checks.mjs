// The checks of `npm test`, each a function that runs one tool, shows its output and says what its report says.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { setUpBrowser, softwareVulkan } from '../set-up/browser.mjs'
import { findElectron, setUpElectron } from '../set-up/electron.mjs'
import { at, environment, readJson, runProgram, tool } from '../set-up/project.mjs'
import { say } from '../set-up/say.mjs'
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
  const browser = await setUpBrowser(node)
  if (process.env.CI && !findElectron()) await setUpElectron(node)
  /** @param {string[]} more @param {'show' | 'collect'} stdout */
  const run = async (more, stdout) => {
    const report = reportFile('playwright.json')
    const { code, timedOut } = await runProgram(node, [tool('@playwright/test'), 'test', ...more, ...args], {
      env: environment(node, {
        ...softwareVulkan(browser),
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        ...(browser && { CHROMIUM_PATH: browser }),
      }),
      stdout,
      timeoutMs: LONGEST_RUN_MS,
    })
    if (!existsSync(report))
      return oneFailure(`Playwright wrote no report${timedOut ? ': it ran too long' : ''}`)
    return tallyPlaywright(readJson(report), code)
  }
  if (browser) return run(['--reporter=list,json'], 'show')
  const missed = await run(['--project=browser', '--list', '--reporter=json'], 'collect')
  const reason = 'no Chromium, Chrome or Edge on this machine'
  const skips = missed.skips.map(({ name }) => ({ name, reason }))
  return total([{ ...missed, skips }, await run(['--project=electron', '--reporter=list,json'], 'show')])
}
