import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import {
  commonXRange,
  drawnLine,
  piecesOf,
  stepsIn,
  thinned,
  xOfStep,
} from '../../../src-renderer/ui/charts/chart-line.ts'
import { tableRows } from '../../../src-renderer/ui/charts/chart-table.tsx'
import {
  chartsOfRun,
  comparedCharts,
  comparedChartsOf,
  runChartsOf,
} from '../../../src-renderer/ui/charts/charts.ts'
import { LineChart } from '../../../src-renderer/ui/charts/line-chart.tsx'
import { runColors } from '../../../src-renderer/ui/charts/run-colors.ts'
import type { Series } from '../../../src-shared/contract/lab-contract.ts'
import { metrics } from '../../../src-shared/metrics/metrics.ts'
import { runOf } from '../run-shapes.ts'

const seriesOf = (values: number[], every = 10): Series => ({
  steps: Float64Array.from(values, (_, i) => (i + 1) * every),
  tokens: Float64Array.from(values, (_, i) => (i + 1) * every * 768),
  seconds: Float64Array.from(values, (_, i) => (i + 1) * 0.5),
  values: Float64Array.from(values),
})
const line = (id: string, values: number[], every = 10) => ({
  id,
  label: id,
  color: '#0072b2',
  series: seriesOf(values, every),
})

const draw = (lines: ReturnType<typeof line>[], props = {}) =>
  renderToString(
    <MantineProvider>
      <LineChart
        title="Loss"
        name="Loss"
        lines={lines}
        x="step"
        group="test"
        width={400}
        height={150}
        {...props}
      />
    </MantineProvider>,
  )

describe('curves', () => {
  test('a chart without values says so, and so does its description', () => {
    const html = draw([line('a', [])])
    expect(html).toContain('No values yet')
    expect(html).toContain('aria-label="Loss: no values yet"')
  })

  test('one point, a NaN and a million-fold spike are drawn without falling over', () => {
    expect(draw([line('a', [2])])).toContain('1 points, from 2.000 to 2.000')
    expect(draw([line('a', [2, Number.NaN, 2e6])], { logY: true })).toContain('recharts')
    expect(draw([line('a', [-1, 0])], { logY: true })).toContain('Nothing that a log axis can show')
  })

  test('a smoothed curve is drawn over its raw values, an evaluated one by its points alone', () => {
    const noisy = drawnLine(line('a', [3, 1, 3, 1]), 'tokens', 0.6)
    expect(noisy.smooth).not.toBeNull()
    expect([...noisy.x]).toEqual([7680, 15_360, 23_040, 30_720])
    expect(drawnLine({ ...line('a', [3, 1, 3, 1]), dots: true }, 'step', 0.6).smooth).toBeNull()
  })

  test('what an axis cannot show leaves a gap in the line', () => {
    const x = Float64Array.of(0, 1, 2, 3, 4)
    const y = Float64Array.of(1, 2, Number.NaN, 4, 0)
    const logarithm = (value: number) => (value > 0 ? 10 * Math.log10(value) : undefined)
    expect(piecesOf(x, y, value => value, logarithm)).toEqual([['0.0 0.0', '1.0 3.0'], ['3.0 6.0']])
  })

  test('a line of ten thousand points is drawn with 300 and loses neither its ends, its spikes nor its gap', () => {
    const y = Float64Array.from({ length: 10_000 }, (_, i) => Math.sin(i))
    y[4321] = 99
    y[8765] = -99
    y[1234] = Number.NaN
    const kept = thinned(y)
    expect(kept.length).toBeLessThanOrEqual(300)
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
    for (const i of [0, 9999, 4321, 8765, 1234]) expect(kept).toContain(i)
    expect(thinned(Float64Array.of(5, 6, 7))).toEqual([0, 1, 2])
  })

  test('dragging over tokens asks for the steps that lie under them', () => {
    const series = seriesOf([1, 2, 3, 4, 5])
    expect(stepsIn(series, 'tokens', [15_000, 31_000])).toEqual([20, 40])
    expect(stepsIn(series, 'step', [12.4, 18.6])).toEqual([12, 19])
    expect(stepsIn(seriesOf([]), 'time', [0, 1])).toEqual([0, 1])
  })

  test('an event stands at its own step, between the points that were measured', () => {
    const { series } = line('a', [1, 2, 3])
    expect(xOfStep(29, series, 'step')).toBe(29)
    expect(xOfStep(25, series, 'time')).toBe(1.25)
    expect(xOfStep(5, series, 'tokens')).toBe(5 * 768)
    expect(xOfStep(500, series, 'time')).toBe(1.5)
    expect(xOfStep(3, seriesOf([]), 'time')).toBeNull()
  })

  test('all charts of a run reach from its start to its newest point, however rarely one is measured', () => {
    const often = seriesOf([1, 2, 3, 4, 5])
    const rarely = seriesOf([1], 40)
    expect(commonXRange([rarely, often], 'step', false)).toEqual([0, 50])
    expect(commonXRange([rarely, often], 'step', true)).toEqual([10, 50])
    expect(commonXRange([seriesOf([])], 'step', false)).toBeNull()
  })

  test('the table has a row wherever any line has a value', () => {
    const drawn = [drawnLine(line('a', [1, 2, 3]), 'step', 0), drawnLine(line('b', [9], 30), 'step', 0)]
    expect(tableRows(drawn)).toEqual([
      { x: 10, values: [1, null] },
      { x: 20, values: [2, null] },
      { x: 30, values: [3, 9] },
    ])
  })

  test('a level that curves are held against is read out with its name', () => {
    const references = [{ value: 0.9, label: 'what labelers agree on' }]
    const html = draw([line('a', [0.4, 0.5])], { references })
    expect(html).toContain('from 0.4000 to 0.5000. what labelers agree on: 0.9000')
    expect(draw([line('a', [])], { references })).toContain('aria-label="Loss: no values yet"')
  })

  test('names made by people stay text', () => {
    const html = draw([line('<img src=x onerror=alert(1)>\u202e', [1, 2])])
    expect(html).not.toContain('<img')
    expect(html).toContain('⟨U+202E⟩')
  })
})

describe('the table of charts', () => {
  test('names metrics that exist, and every id once', () => {
    const phases = ['pretrain', 'sft', 'reward', 'ppo'] as const
    for (const charts of [...phases.map(runChartsOf), comparedCharts, comparedChartsOf(['reward'])]) {
      expect(new Set(charts.map(chart => chart.id)).size).toBe(charts.length)
      for (const chart of charts) for (const { metric } of chart.lines) expect(metrics).toHaveProperty(metric)
    }
  })

  test('shows every metric that a run reports, but counts of passes, tokens and answers', () => {
    const drawn = new Set(
      (['pretrain', 'sft', 'reward', 'ppo'] as const)
        .flatMap(runChartsOf)
        .flatMap(chart => chart.lines.map(l => l.metric)),
    )
    expect(Object.keys(metrics).filter(name => !drawn.has(name as keyof typeof metrics))).toEqual([
      'epoch',
      'val/num_eos_tokens',
      'episode',
      'num_tokens',
    ])
  })

  test('leaves out what a run does not measure', () => {
    const ppo = (config: object, judge: 'oracle' | null) =>
      chartsOfRun(
        runOf('rl', { phase: 'ppo', config: { ...config }, data: { sources: [], ppo: { judge } as never } }),
      )
    const ids = (charts: ReturnType<typeof ppo>) => charts.map(chart => chart.id)
    expect(ids(ppo({ ptxCoef: 1 }, 'oracle'))).toEqual(runChartsOf('ppo').map(chart => chart.id))
    expect(ids(ppo({ ptxCoef: 0 }, null))).not.toContain('win-rate')
    expect(ids(ppo({ ptxCoef: 0 }, null))).not.toContain('ptx-loss')
    expect(ppo({ ptxCoef: 0 }, null)).toBe(ppo({ ptxCoef: 0, steps: 3 }, null))
  })

  test('compares reward models by what pairs say, but with other runs by what all have', () => {
    const ids = (...phases: Parameters<typeof comparedChartsOf>[0][number][]) =>
      comparedChartsOf(phases).map(chart => chart.id)
    expect(ids('reward', 'reward')).toContain('eval_accuracy')
    expect(ids('reward', 'sft')).toContain('bits-per-byte')
  })

  test('compares one line per run', () => {
    for (const chart of comparedCharts) expect(chart.lines).toHaveLength(1)
  })
})

test('a run keeps its colour, and no two of eight runs share one', () => {
  const ids = ['run-a', 'run-b', 'run-c', 'run-d', 'run-e', 'run-f', 'run-g', 'run-h']
  expect(new Set(runColors(ids).values()).size).toBe(8)
  expect(runColors(['run-a']).get('run-a')).toBe(runColors(ids).get('run-a'))
})
