// `npm test`: set-up, types, lint, build, unit (with kernels and layers), e2e; ends with one line that adds up the
// runners' reports. `node build/test.mjs <check> [arguments for its tool]` runs one of them.
import { build, e2e, lint, screenshots, types, unit } from './checks/checks.mjs'
import { oneFailure, summaryLine, total } from './checks/reports.mjs'
import { runMain, SetUpError, say } from './set-up/say.mjs'
import { setUp } from './set-up.mjs'

/** @typedef {import('./checks/reports.mjs').Tally} Tally */
/** @typedef {(node: string, args: string[]) => Promise<Tally>} Check */

/** @type {[string, Check][]} in the order of a whole run: the quick ones first */
const wholeRun = [
  ['types', types],
  ['lint', lint],
  ['build', build],
  ['unit', unit],
  ['e2e', e2e],
]
/** What can be named: a check, with the build before it where it needs that. @type {Record<string, [string, Check][]>} */
const named = {
  ...Object.fromEntries(wholeRun.map(row => [row[0], [row]])),
  e2e: [
    ['build', build],
    ['e2e', e2e],
  ],
  screenshots: [
    ['build', build],
    ['screenshots', screenshots],
  ],
}

/** @param {[string, Check][]} checks @param {string[]} args @returns {Promise<Tally>} */
async function run(checks, args) {
  const tallies = []
  try {
    const node = await setUp({ skipBuild: true })
    for (const [name, check] of checks) {
      say(`\n── ${name} ──`)
      const tally = await check(node, args)
      say(`── ${name}: ${summaryLine(tally)}`)
      tallies.push(tally)
    }
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(error.message)
    tallies.push(oneFailure('set-up'))
  }
  return total(tallies)
}

await runMain(async () => {
  const [only, ...args] = process.argv.slice(2)
  if (only && !Object.hasOwn(named, only)) {
    say(`There is no check "${only}"; there are: ${Object.keys(named).join(', ')}.`)
    return 2
  }
  const all = await run(only ? (named[only] ?? []) : wholeRun, args)
  if (all.skips.length) say('\nSkipped:')
  for (const { name, reason } of all.skips) say(`  ${name}: ${reason}`)
  if (all.problems.length) say('\nFailed outside of a test:')
  for (const problem of all.problems) say(`  ${problem}`)
  say('')
  process.stdout.write(`${summaryLine(all)}\n`)
  return all.failed === 0 ? 0 : 1
})
