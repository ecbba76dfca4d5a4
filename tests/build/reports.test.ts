// `npm test` is only as honest as the way it adds up: every kind of failure must reach the last line.
import { describe, expect, test } from 'vitest'
import {
  nothingCounted,
  oneFailure,
  summaryLine,
  tallyPlaywright,
  tallyVitest,
  total,
} from '../../build/checks/reports.mjs'

const vitestTest = (title: string, status: string) => ({ ancestorTitles: ['tokenizer'], title, status })
const vitestFile = (status: string, assertionResults: unknown[], message = '') => ({
  name: 'a.test.ts',
  status,
  message,
  assertionResults,
})

describe('adding up vitest', () => {
  test('passed, failed and skipped tests are counted, a skip with its reason', () => {
    const report = {
      testResults: [
        vitestFile('failed', [
          vitestTest('round-trips', 'passed'),
          vitestTest('counts', 'failed'),
          vitestTest('runs on a GPU', 'skipped'),
        ]),
      ],
    }
    const tally = tallyVitest(report, { 'tokenizer > runs on a GPU': 'no Vulkan driver' }, 1)
    expect(tally).toEqual({
      passed: 1,
      failed: 1,
      skips: [{ name: 'tokenizer > runs on a GPU', reason: 'no Vulkan driver' }],
      problems: [],
    })
  })

  test('a file that cannot be loaded is a failure, though it has no test', () => {
    const tally = tallyVitest({ testResults: [vitestFile('failed', [], 'Cannot find module')] }, {}, 1)
    expect(tally.failed).toBe(1)
    expect(tally.problems[0]).toContain('Cannot find module')
  })

  test('an error outside of any test is a failure, though every test passed', () => {
    const report = { testResults: [vitestFile('passed', [vitestTest('a', 'passed')])] }
    expect(tallyVitest(report, {}, 1)).toMatchObject({ passed: 1, failed: 1 })
    expect(tallyVitest(report, {}, 0)).toMatchObject({ passed: 1, failed: 0 })
  })

  test('no test at all is a failure', () => {
    expect(tallyVitest({ testResults: [] }, {}, 0).failed).toBe(1)
  })
})

describe('adding up Playwright', () => {
  const spec = (title: string, status: string, annotations: unknown[] = []) => ({
    title,
    tests: [{ status, annotations }],
  })
  const report = (specs: unknown[], errors: unknown[] = []) => ({
    suites: [{ title: 'app.spec.ts', specs: [], suites: [{ title: 'a first run', specs }] }],
    errors,
  })

  test('nested suites are counted, a skip with its reason', () => {
    const skipped = spec('opens', 'skipped', [{ type: 'skip', description: 'no Electron binary' }])
    expect(tallyPlaywright(report([spec('trains', 'expected'), skipped]), 0)).toEqual({
      passed: 1,
      failed: 0,
      skips: [{ name: 'app.spec.ts > a first run > opens', reason: 'no Electron binary' }],
      problems: [],
    })
  })

  test('a test that passes at the second try is no success', () => {
    expect(tallyPlaywright(report([spec('trains', 'flaky')]), 0)).toMatchObject({ passed: 0, failed: 1 })
  })

  test('a spec that cannot be loaded is a failure', () => {
    const tally = tallyPlaywright(report([spec('a', 'expected')], [{ message: 'SyntaxError' }]), 1)
    expect(tally).toMatchObject({ passed: 1, failed: 1 })
  })
})

test('the last line adds up all runners', () => {
  const skips = [{ name: 'a', reason: 'b' }]
  const all = total([{ ...nothingCounted(), passed: 3, skips }, oneFailure('lint'), nothingCounted()])
  expect(summaryLine(all)).toBe('3 passed, 1 failed, 1 skipped')
  expect(all.problems).toEqual(['lint'])
})
