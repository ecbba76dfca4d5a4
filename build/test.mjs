// `npm test`: set-up, types, lint, unit (with kernels and layers), e2e; ends with one line that adds up the runners' reports.
// `node build/test.mjs <check> [arguments for its tool]` runs one of them.
import { e2e, lint, types, unit } from './checks/checks.mjs'
import { summaryLine, total } from './checks/reports.mjs'
import { runMain, say } from './set-up/say.mjs'
import { setUp } from './set-up.mjs'

/** @type {Record<string, (node: string, args: string[]) => Promise<import('./checks/reports.mjs').Tally>>} */
const checks = { types, lint, unit, e2e }
/** Only these run the built app; the others read the sources. */
const needBuild = ['e2e']

await runMain(async () => {
  const [only, ...args] = process.argv.slice(2)
  if (only && !Object.hasOwn(checks, only)) {
    say(`There is no check "${only}"; there are: ${Object.keys(checks).join(', ')}.`)
    return 2
  }
  const node = await setUp({ skipBuild: only !== undefined && !needBuild.includes(only) })
  const tallies = []
  for (const name of only ? [only] : Object.keys(checks)) {
    say(`\n── ${name} ──`)
    const tally = await /** @type {(typeof checks)[string]} */ (checks[name])(node, args)
    say(`── ${name}: ${summaryLine(tally)}`)
    tallies.push(tally)
  }
  const all = total(tallies)
  if (all.skips.length) say('\nSkipped:')
  for (const { name, reason } of all.skips) say(`  ${name}: ${reason}`)
  if (all.problems.length) say('\nFailed outside of a test:')
  for (const problem of all.problems) say(`  ${problem}`)
  say('')
  process.stdout.write(`${summaryLine(all)}\n`)
  return all.failed === 0 ? 0 : 1
})
