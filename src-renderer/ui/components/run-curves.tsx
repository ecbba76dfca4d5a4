// All charts of one or several runs with one row of controls: x axis, log axes, smoothing, reset of the zoom.
import { Checkbox, Group, SegmentedControl, Slider, Text } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import type { RunEvent, Series } from '../../../src-shared/contract/lab-contract.ts'
import { useSettings } from '../app-state.ts'
import { type ChartLine, stepsIn, type XAxisKind } from '../charts/chart-line.ts'
import type { RunChart } from '../charts/charts.ts'
import { LineChart } from '../charts/line-chart.tsx'
import { describeMetric, formatMetric } from '../format.ts'
import { type StepRange, useRunSeries } from '../run-series.ts'
import { MetricTerm } from './term.tsx'

export interface CurveRun {
  readonly id: string
  readonly name: string
  readonly color: string
  readonly dashed?: boolean
}

export interface RunCurvesProps {
  runs: readonly CurveRun[]
  /** Rows of charts/charts.ts. */
  charts: readonly RunChart[]
  events?: readonly RunEvent[]
  /** Charts side by side. */
  columns?: number
  height?: number
}

export function RunCurves({ runs, charts, events, columns = 1, height = 150 }: RunCurvesProps) {
  const settings = useSettings()
  const [x, setX] = useState<XAxisKind>('step')
  const [logX, setLogX] = useState(false)
  const [logY, setLogY] = useState(false)
  const [chosen, setChosen] = useState<number | null>(null)
  const smoothing = chosen ?? settings['ui.smoothing']
  const [ranges, setRanges] = useState<Readonly<Record<string, StepRange>>>({})
  const metricNames = [...new Set(charts.flatMap(chart => chart.lines.map(line => line.metric)))]
  const ids = runs.map(run => run.id)
  const series = useRunSeries(ids, metricNames, ranges)
  const zoomed = Object.keys(ranges).length > 0

  const zoom = (range: readonly [number, number] | null) => {
    if (!range) return setRanges({})
    const next = runs.map((run, i) => {
      const longest = Object.values(series[i]!).reduce((a, b) => (b.steps.length > a.steps.length ? b : a))
      return [run.id, stepsIn(longest, x, range)] as const
    })
    setRanges(Object.fromEntries(next))
  }
  return (
    <div>
      <Group gap="sm" mb={6} fz="xs">
        <SegmentedControl
          aria-label="Horizontal axis"
          value={x}
          onChange={kind => setX(kind as XAxisKind)}
          data={[
            { value: 'step', label: 'Step' },
            { value: 'tokens', label: 'Tokens' },
            { value: 'time', label: 'Time' },
          ]}
        />
        <Checkbox label="log x" checked={logX} onChange={event => setLogX(event.currentTarget.checked)} />
        <Checkbox label="log y" checked={logY} onChange={event => setLogY(event.currentTarget.checked)} />
        <Group gap={6} wrap="nowrap">
          <Text fz="xs">Smoothing</Text>
          <Slider
            w={90}
            size="xs"
            min={0}
            max={0.99}
            step={0.01}
            label={null}
            value={smoothing}
            onChange={setChosen}
            thumbLabel="Smoothing"
          />
          <Text fz="xs" className="tabular" w={26}>
            {smoothing.toFixed(2)}
          </Text>
        </Group>
      </Group>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          gap: '10px 16px',
        }}
      >
        {charts.map(chart => (
          <OneChart
            key={chart.id}
            chart={chart}
            runs={runs}
            series={series}
            events={events}
            x={x}
            logX={logX}
            logY={logY || (chart.logY ?? false)}
            smoothing={chart.smooth ? smoothing : 0}
            height={height}
            zoomed={zoomed}
            onZoom={zoom}
          />
        ))}
      </div>
    </div>
  )
}

interface OneChartProps {
  chart: RunChart
  runs: readonly CurveRun[]
  series: readonly Readonly<Record<string, Series>>[]
  events?: readonly RunEvent[]
  x: XAxisKind
  logX: boolean
  logY: boolean
  smoothing: number
  height: number
  zoomed: boolean
  onZoom: (range: readonly [number, number] | null) => void
}

function OneChart({ chart, runs, series, ...rest }: OneChartProps) {
  const several = runs.length > 1
  const lines = useMemo(
    () =>
      runs.flatMap((run, i) =>
        chart.lines.map(({ metric, dots, dashed }): ChartLine => {
          const { label } = describeMetric(metric)
          const name = several ? (chart.lines.length > 1 ? `${run.name} · ${label}` : run.name) : label
          return {
            id: `${run.id} ${metric}`,
            label: name,
            color: run.color,
            series: series[i]![metric]!,
            dots,
            dashed: dashed || run.dashed,
          }
        }),
      ),
    [chart, runs, series, several],
  )
  const first = chart.lines[0]!.metric
  const format = useCallback((value: number) => formatMetric(first, value), [first])
  return (
    <LineChart
      title={<MetricTerm name={first} />}
      name={chart.title}
      lines={lines}
      group={rest.x}
      format={format}
      {...rest}
    />
  )
}
