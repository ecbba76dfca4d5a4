// All charts of one or several runs with one row of controls: x axis, log axes, smoothing, reset of the zoom.
import { Checkbox, Group, SegmentedControl, Slider, Text } from '@mantine/core'
import { memo, useCallback, useMemo, useState } from 'react'
import type { RunEvent, Series } from '../../../src-shared/contract/lab-contract.ts'
import { useSettings } from '../app-state.ts'
import {
  type ChartLine,
  commonXRange,
  type PlacedEvent,
  stepsIn,
  type XAxisKind,
  xOfStep,
} from '../charts/chart-line.ts'
import type { ReferenceLine, RunChart } from '../charts/charts.ts'
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
  /** By a chart's id: lines to be held against its curves, beside those of its row. */
  references?: Readonly<Record<string, readonly ReferenceLine[]>>
  /** Charts side by side. */
  columns?: number
  height?: number
}

/** Drawn anew when its curves grow or its controls move, not with every word about its run. */
export const RunCurves = memo(function RunCurves({
  runs,
  charts,
  events = none,
  references = noReferences,
  columns = 1,
  height = 150,
}: RunCurvesProps) {
  const settings = useSettings()
  const [axes, setAxes] = useState<Axes>({ x: 'step', logX: false, logY: false, smoothing: null })
  const { x, logX, logY } = axes
  const smoothing = axes.smoothing ?? settings['ui.smoothing']
  const [zoomed, setZoomed] = useState<Zoom | null>(null)
  const metricNames = useMemo(
    () => [...new Set(charts.flatMap(chart => chart.lines.map(line => line.metric)))],
    [charts],
  )
  const ids = runs.map(run => run.id)
  const series = useRunSeries(ids, metricNames, zoomed?.ranges)
  const longest = useMemo(() => series.map(longestOf), [series])
  const xRange = useMemo(
    () => (zoomed?.x === x ? zoomed.range : commonXRange(series.flatMap(Object.values), x, logX)),
    [zoomed, series, x, logX],
  )
  const placed = useMemo(
    () =>
      events.flatMap(event => {
        const place = xOfStep(event.step, longest[0], x)
        return place === null ? [] : [{ event, x: place }]
      }),
    [events, longest, x],
  )

  const zoom = useCallback(
    (range: readonly [number, number] | null) => {
      if (!range) return setZoomed(null)
      const ranges = runs.map((run, i) => [run.id, longest[i] ? stepsIn(longest[i], x, range) : null])
      setZoomed({ x, range, ranges: Object.fromEntries(ranges) })
    },
    [runs, longest, x],
  )
  return (
    <div>
      <Controls axes={axes} smoothing={smoothing} onChange={setAxes} />
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
            events={placed}
            references={references[chart.id]}
            x={x}
            xRange={xRange}
            logX={logX}
            logY={logY || (chart.logY ?? false)}
            smoothing={chart.smooth ? smoothing : 0}
            height={height}
            zoomed={zoomed !== null}
            onZoom={zoom}
          />
        ))}
      </div>
    </div>
  )
})
const none: readonly RunEvent[] = []
const noReferences: NonNullable<RunCurvesProps['references']> = {}

interface Axes {
  readonly x: XAxisKind
  readonly logX: boolean
  readonly logY: boolean
  /** null = as the settings say. */
  readonly smoothing: number | null
}
interface Zoom {
  readonly x: XAxisKind
  readonly range: readonly [number, number]
  readonly ranges: Readonly<Record<string, StepRange>>
}

const longestOf = (series: Readonly<Record<string, Series>>): Series | undefined =>
  Object.values(series).reduce<Series | undefined>(
    (a, b) => (a && a.steps.length >= b.steps.length ? a : b),
    undefined,
  )

const Controls = memo(function Controls({
  axes,
  smoothing,
  onChange,
}: {
  axes: Axes
  smoothing: number
  onChange: (axes: Axes) => void
}) {
  return (
    <Group gap="sm" mb={6} fz="xs">
      <SegmentedControl
        aria-label="Horizontal axis"
        value={axes.x}
        onChange={kind => onChange({ ...axes, x: kind as XAxisKind })}
        data={xKinds}
      />
      <Checkbox
        label="log x"
        checked={axes.logX}
        onChange={event => onChange({ ...axes, logX: event.currentTarget.checked })}
      />
      <Checkbox
        label="log y"
        checked={axes.logY}
        onChange={event => onChange({ ...axes, logY: event.currentTarget.checked })}
      />
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
          onChange={chosen => onChange({ ...axes, smoothing: chosen })}
          thumbLabel="Smoothing"
        />
        <Text fz="xs" className="tabular" w={26}>
          {smoothing.toFixed(2)}
        </Text>
      </Group>
    </Group>
  )
})
const xKinds = [
  { value: 'step', label: 'Step' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'time', label: 'Time' },
]

interface OneChartProps {
  chart: RunChart
  runs: readonly CurveRun[]
  series: readonly Readonly<Record<string, Series>>[]
  events: readonly PlacedEvent[]
  references: readonly ReferenceLine[] | undefined
  x: XAxisKind
  xRange: readonly [number, number] | null
  logX: boolean
  logY: boolean
  smoothing: number
  height: number
  zoomed: boolean
  onZoom: (range: readonly [number, number] | null) => void
}

function OneChart({ chart, runs, series, references, ...rest }: OneChartProps) {
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
  const { phase } = chart
  const title = useMemo(
    () => <MetricTerm name={first} phase={phase} withUnit={first === 'tokens_per_second'} />,
    [first, phase],
  )
  const held = useMemo(() => [...(chart.references ?? []), ...(references ?? [])], [chart, references])
  const format = useCallback((value: number) => formatMetric(first, value), [first])
  return (
    <LineChart
      title={title}
      name={chart.title}
      lines={lines}
      references={held}
      group={rest.x}
      format={format}
      {...rest}
    />
  )
}
