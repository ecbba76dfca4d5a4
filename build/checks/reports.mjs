// What the test runners wrote about themselves, added up. Nothing is counted that no report says.

/** @typedef {{ name: string, reason: string }} Skip */
/** @typedef {{ passed: number, failed: number, skips: Skip[], problems: string[] }} Tally problems: failures that no test shows */

/** @returns {Tally} */
export const nothingCounted = () => ({ passed: 0, failed: 0, skips: [], problems: [] })

/** @param {Tally[]} tallies @returns {Tally} */
export function total(tallies) {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    skips: tallies.flatMap(({ skips }) => skips),
    problems: tallies.flatMap(({ problems }) => problems),
  }
}

/** The last line of `npm test`. @param {Tally} tally */
export const summaryLine = ({ passed, failed, skips }) =>
  `${passed} passed, ${failed} failed, ${skips.length} skipped`

/** @param {string} problem @returns {Tally} */
export const oneFailure = problem => ({ ...nothingCounted(), failed: 1, problems: [problem] })

/**
 * @param {any} report vitest's JSON (jest's format)
 * @param {Record<string, string>} reasons full test name → why it was skipped; that JSON has no place for it
 * @param {number} exitCode @returns {Tally}
 */
export function tallyVitest(report, reasons, exitCode) {
  const tally = nothingCounted()
  for (const file of report.testResults) {
    let failedHere = 0
    for (const test of file.assertionResults) {
      if (test.status === 'passed') tally.passed++
      else if (test.status === 'failed') failedHere++
      else {
        const name = [...test.ancestorTitles, test.title].join(' > ')
        tally.skips.push({ name, reason: reasons[name] ?? 'no reason given' })
      }
    }
    if (file.status === 'failed' && failedHere === 0) {
      failedHere = 1
      tally.problems.push(`${file.name} could not be run: ${file.message || 'see above'}`)
    }
    tally.failed += failedHere
  }
  return outsideOfTests(tally, 'vitest', exitCode)
}

/**
 * @param {any} report Playwright's JSON
 * @param {number} exitCode @returns {Tally}
 */
export function tallyPlaywright(report, exitCode) {
  const tally = nothingCounted()
  /** @param {any} suite @param {string[]} titles */
  const walk = (suite, titles) => {
    for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title])
    for (const spec of suite.specs ?? [])
      for (const test of spec.tests) {
        if (test.status === 'expected') tally.passed++
        // A test that passes at the second try has failed once: `flaky` is no success.
        else if (test.status !== 'skipped') tally.failed++
        else {
          const why = test.annotations.find((/** @type {any} */ note) => note.type === 'skip')?.description
          tally.skips.push({
            name: [...titles, spec.title].join(' > '),
            reason: why ?? 'did not run: a step before it failed',
          })
        }
      }
  }
  for (const suite of report.suites) walk(suite, [suite.title])
  for (const error of report.errors) {
    tally.failed++
    tally.problems.push(`Playwright: ${error.message}`)
  }
  return outsideOfTests(tally, 'Playwright', exitCode)
}

/** @param {Tally} tally @param {string} runner @param {number} exitCode @returns {Tally} */
function outsideOfTests(tally, runner, exitCode) {
  if (exitCode !== 0 && tally.failed === 0) {
    tally.failed = 1
    tally.problems.push(`${runner} ended with code ${exitCode} although no test failed; see its output above`)
  }
  if (tally.passed + tally.failed + tally.skips.length === 0) {
    tally.failed = 1
    tally.problems.push(`${runner} found no test at all`)
  }
  return tally
}
