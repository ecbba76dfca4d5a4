import { describe, expect, test } from 'vitest'
import { parseBenchReport } from '../../../src-shared/bench/report.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { reportOf, resultOf } from './bench-report.ts'

const skipped = {
  size: 'large',
  mode: 'generate',
  backend: 'wasm',
  kernels: 'uncached',
  threads: 1,
  reason: 'one batch of texts would take about 80 s',
} as const

test('a report survives its file', () => {
  const report = reportOf({
    results: [resultOf(), resultOf({ kernels: 'stock', ratio: null, ceilingShare: null })],
    skipped: [skipped],
  })
  expect(parseBenchReport(JSON.stringify(report), 'a.json')).toEqual(report)
  const onGpu = reportOf({
    ceiling: null,
    results: [resultOf({ backend: 'webgpu', dispatches: 700, boundBytes: 4e8 })],
  })
  expect(parseBenchReport(JSON.stringify(onGpu), 'a.json')).toEqual(onGpu)
})

test('what is not known of a contender is absent, and notes may be', () => {
  const { peakBytes: _, jsMsPerStep: __, ...unknown } = resultOf()
  const { notes, ...report } = reportOf({ results: [unknown] })
  expect(parseBenchReport(JSON.stringify(report), 'a.json')).toEqual({ ...report, notes })
})

test('what a later version adds is left alone', () => {
  const report = { ...reportOf(), colour: 'blue' }
  expect(parseBenchReport(JSON.stringify(report), 'a.json')).toEqual(reportOf())
})

describe('what is no bench is refused by what is wrong with it', () => {
  const refusals: [string, string, string][] = [
    ['an empty file', ' \n', 'an empty file'],
    ['a text', 'ROMEO: what', 'something that is no JSON'],
    ['a list', '[1]', 'Invalid key: Expected "device"'],
    ['another JSON', '{"device": {}}', 'device.backend'],
    [
      'a speed of nothing',
      JSON.stringify(reportOf({ results: [resultOf({ tokensPerSecond: 0 })] })),
      'must be above 0',
    ],
    ['a mode that does not exist', JSON.stringify(reportOf()).replace('"train"', '"fly"'), 'results.0.mode'],
    ['another format', JSON.stringify({ ...reportOf(), format: 2 }), 'format'],
    [
      'a time that is none',
      JSON.stringify(reportOf({ measuredAt: 'yesterday' })),
      'measuredAt: must be a time',
    ],
  ]
  test.each(refusals)('%s', (_, text, got) => {
    try {
      parseBenchReport(text, 'b.json')
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(LabError)
      const { facts } = error as LabError
      expect(facts).toMatchObject({ code: 'bad-input', where: 'b.json' })
      expect(facts.what).toBe('this file is not a bench of Andromeda')
      expect(facts.got).toContain(got)
      expect(facts.expected && facts.fix).toBeTruthy()
    }
  })
})
