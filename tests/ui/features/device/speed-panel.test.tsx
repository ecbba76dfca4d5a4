import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { RooflineChart } from '../../../../src-renderer/ui/charts/roofline-chart.tsx'
import { whyNot } from '../../../../src-renderer/ui/features/device/speed-panel.tsx'
import { SpeedReport } from '../../../../src-renderer/ui/features/device/speed-report.tsx'
import { formatTimes } from '../../../../src-renderer/ui/features/device/speed-table.tsx'
import type { BenchReport } from '../../../../src-shared/bench/report.ts'
import { reportOf, resultOf } from '../../../shared/bench/bench-report.ts'

const draw = (report: BenchReport, previous?: BenchReport, threads = report.device.threads) =>
  renderToString(
    <MantineProvider>
      <SpeedReport report={report} previous={previous} threads={threads} />
    </MantineProvider>,
  ).replaceAll('<!-- -->', '')

const report = reportOf({
  results: [
    resultOf(),
    resultOf({
      kernels: 'simd',
      threads: 2,
      tokensPerSecond: 25_000,
      flopsPerSecond: 80e9,
      ceilingShare: 0.8,
    }),
    resultOf({ kernels: 'stock', tokensPerSecond: 500, ceilingShare: null, ratio: null }),
  ],
  skipped: [
    {
      size: 'large',
      mode: 'train',
      backend: 'wasm',
      kernels: 'stock',
      threads: 1,
      reason: 'one step would take about 80 s',
    },
  ],
})

describe('a measurement', () => {
  test('is a table that says everything the picture says', () => {
    const html = draw(report)
    expect(html).toContain('aria-label="Speeds"')
    for (const text of ['small, training', 'simd, 2 threads', '25,000', '80.0', '80%', '8.00 ×', '134 MB'])
      expect(html).toContain(text)
    expect(html).toContain(
      'Its ceiling: 100 GFLOP/s and 20.0 GB/s with 2 threads, 50.0 GFLOP/s and 10.0 GB/s with one.',
    )
    expect(html).toContain('What is counted, and what was left out')
  })

  test('without one before it there is no comparison', () => {
    expect(draw(report)).not.toContain('Compared with')
  })

  test('with one before it every speed has its ratio, and what differs is said', () => {
    const before = reportOf({
      measuredAt: '2026-02-01T12:00:00.000Z',
      version: '0.0.9',
      results: [resultOf({ tokensPerSecond: 2500 })],
    })
    const html = draw(report, before)
    expect(html).toContain('Compared with the measurement of Feb 1, 2026')
    expect(html).toContain('1.60 ×')
    expect(html).toContain('The versions of Andromeda differ: 0.0.9, then 0.1.0.')
  })

  test('a change since a single round is rough', () => {
    const quick = reportOf({ results: [resultOf({ tokensPerSecond: 2500, rounds: 1 })] })
    const html = draw(report, quick)
    expect(html).toContain('≈ 1.60 ×')
    expect(html).toContain('≈: measured in one round only')
    expect(draw(report, report)).not.toContain('≈')
  })

  test('what makes it less than comparable is said above it', () => {
    expect(draw(reportOf({ notes: ['Other work kept the cores busy.'] }))).toContain('Other work kept')
    expect(draw(report, undefined, 2)).toContain('Measured with 1 thread at the most; now 2 are chosen.')
    expect(draw(report)).not.toContain('Measured with')
  })

  test('what is not known is a dash', () => {
    const { peakBytes: _, jsMsPerStep: __, ...unknown } = resultOf({ ratio: null })
    const html = draw(reportOf({ results: [unknown] }))
    expect(html).not.toMatch(/134 MB|NaN|undefined/)
    expect(html.match(/–/g)!.length).toBeGreaterThanOrEqual(3)
  })

  test('kernel launches have a column on a GPU alone', () => {
    expect(draw(report)).not.toContain('Launches')
    const onGpu = [resultOf({ backend: 'webgpu', dispatches: 791, boundBytes: 1e9 })]
    expect(draw(reportOf({ ceiling: null, results: onGpu }))).toContain('791')
  })

  test('names from elsewhere stay text', () => {
    const { machine } = reportOf()
    const html = draw(reportOf({ machine: { ...machine, cpu: '<b>fast</b>\u202e' } }))
    expect(html).not.toContain('<b>fast')
    expect(html).not.toContain('\u202e')
  })
})

describe('the roofline', () => {
  test('has a name that can be read aloud, a mark per figure and the roof of all threads and of one', () => {
    const html = renderToString(<RooflineChart report={report} />)
    expect(html).toContain('aria-label="Roofline: speed against FLOPs per byte. The ceiling is 100 GFLOP/s')
    expect(html.match(/<circle/g)).toHaveLength(3)
    expect(html.match(/<polyline/g)).toHaveLength(2)
    expect(html).not.toMatch(/NaN|Infinity/)
  })

  test('is left out when there is nothing to draw', () => {
    expect(renderToString(<RooflineChart report={reportOf({ results: [] })} />)).toBe('')
  })
})

test('the button says why it cannot be pressed', () => {
  expect(whyNot({ state: 'ready' }, undefined, false)).toBeNull()
  expect(whyNot({ state: 'ready' }, 'bard', false)).toBe('Pause "bard" first: it would share the device')
  expect(whyNot({ state: 'ready' }, undefined, true)).toBe('It is being measured')
  expect(whyNot({ state: 'starting' }, undefined, false)).toBe('The engine is not ready')
})

test('ratios have three figures', () => {
  expect([0.75, 1.25, 13.62, 1234].map(formatTimes)).toEqual(['0.750 ×', '1.25 ×', '13.6 ×', '1,234 ×'])
})
