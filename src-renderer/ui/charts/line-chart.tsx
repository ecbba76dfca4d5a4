// Curves of one or several runs: raw values faint, their debiased EMA on top, one cursor shared with the other charts,
// events on the axis, zoom by dragging. Pure: data in, SVG out; whoever holds the data answers `onZoom`.
import { ActionIcon, Tooltip } from '@mantine/core'
import { shallowEqual, useElementSize, useInViewport } from '@mantine/hooks'
import { ChartLine as ChartIcon, RotateCcw, Table2 } from 'lucide-react'
import { memo, type ReactNode, useMemo, useState } from 'react'
import { CartesianGrid, LineChart as Recharts, XAxis, YAxis } from 'recharts'
import { formatNumber } from '../format.ts'
import { axisFor, clockStep, extent, formatTick, wholeStep } from './axis.ts'
import { xAxisLook, yAxisLook } from './axis-look.ts'
import {
  type ChartLine,
  type DrawnLine,
  drawnLine,
  formatX,
  type PlacedEvent,
  type XAxisKind,
  xLabels,
} from './chart-line.ts'
import { ChartTable } from './chart-table.tsx'
import classes from './charts.module.css'
import type { ReferenceLine } from './charts.ts'
import { CursorLayer } from './cursor-layer.tsx'
import { CurveLayer } from './curve-layer.tsx'
import { LineLegend } from './line-legend.tsx'
import { ReferenceLayer } from './reference-layer.tsx'

export interface LineChartProps {
  title: ReactNode
  /** Plain words for screen readers: `Loss`. */
  name: string
  lines: readonly ChartLine[]
  x: XAxisKind
  logX?: boolean
  logY?: boolean
  /** EMA weight, 0–.999. */
  smoothing?: number
  /** What the x axis shows; else what the lines cover. */
  xRange?: readonly [number, number] | null
  events?: readonly PlacedEvent[]
  /** Levels that the curves are held against: drawn across, dashed, with their names. */
  references?: readonly ReferenceLine[]
  /** Charts of one group share their cursor. */
  group: string
  height?: number
  /** Set on a surface whose size is known beforehand; else the chart fills its place. */
  width?: number
  format?: (value: number) => string
  zoomed?: boolean
  /** The range dragged over in x units; null = show everything again. */
  onZoom?: (range: readonly [number, number] | null) => void
}

/** Out of sight it stays as it was drawn last. */
export function LineChart(props: LineChartProps) {
  const { ref, inViewport } = useInViewport<HTMLElement>()
  return <Figure {...props} figureRef={ref} inSight={inViewport} />
}

interface FigureProps extends LineChartProps {
  figureRef: (element: HTMLElement | null) => void
  inSight: boolean
}

const Figure = memo(
  function Figure(props: FigureProps) {
    const {
      title,
      name,
      lines,
      x,
      smoothing = 0,
      group,
      height = 180,
      format = formatNumber,
      zoomed,
      onZoom,
    } = props
    const [asTable, setAsTable] = useState(false)
    const { ref, width: measured } = useElementSize()
    const width = props.width ?? measured
    const drawn = useMemo(() => lines.map(line => drawnLine(line, x, smoothing)), [lines, x, smoothing])
    const empty = drawn.every(({ y }) => y.length === 0)
    return (
      <figure
        ref={props.figureRef}
        className={classes.chart}
        aria-label={summary(name, drawn, format, props.references)}
      >
        <figcaption className={classes.caption}>
          <span className={classes.title}>{title}</span>
          <LineLegend drawn={drawn} group={group} format={format} />
          <span className={classes.tools}>
            {zoomed && onZoom && (
              <Tooltip label="Show everything">
                <ActionIcon size="xs" aria-label={`${name}: show everything`} onClick={() => onZoom(null)}>
                  <RotateCcw size={13} />
                </ActionIcon>
              </Tooltip>
            )}
            <Tooltip label={asTable ? 'As curves' : 'As a table'}>
              <ActionIcon
                size="xs"
                aria-label={`${name} ${asTable ? 'as curves' : 'as a table'}`}
                onClick={() => setAsTable(!asTable)}
              >
                {asTable ? <ChartIcon size={13} /> : <Table2 size={13} />}
              </ActionIcon>
            </Tooltip>
          </span>
        </figcaption>
        <div ref={ref} style={{ height }} className={classes.body}>
          {empty ? (
            <div className={classes.nothing}>No values yet</div>
          ) : asTable ? (
            <ChartTable name={name} drawn={drawn} x={x} format={format} height={height} />
          ) : (
            width > 0 && (
              <Curves
                drawn={drawn}
                x={x}
                logX={props.logX ?? false}
                logY={props.logY ?? false}
                xRange={props.xRange ?? null}
                events={props.events ?? none}
                references={props.references ?? noReferences}
                group={group}
                width={width}
                height={height}
                onZoom={onZoom}
              />
            )
          )}
        </div>
      </figure>
    )
  },
  (before, after) => !after.inSight || shallowEqual(before, after),
)
const none: readonly PlacedEvent[] = []
const noReferences: readonly ReferenceLine[] = []

interface CurvesProps {
  drawn: readonly DrawnLine[]
  x: XAxisKind
  logX: boolean
  logY: boolean
  xRange: readonly [number, number] | null
  events: readonly PlacedEvent[]
  references: readonly ReferenceLine[]
  group: string
  width: number
  height: number
  onZoom: LineChartProps['onZoom']
}

/** Drawn anew only when the data or the axes change: the cursor moves on its own layer. */
const Curves = memo(function Curves(props: CurvesProps) {
  const { drawn, x, logX, logY, events, references, group, width, height, onZoom } = props
  const xRange =
    props.xRange ??
    extent(
      drawn.map(line => line.x),
      logX,
    )
  const yRange = extent(
    [...drawn.map(line => line.y), Float64Array.from(references, ({ value }) => value)],
    logY,
  )
  if (!xRange || !yRange) return <div className={classes.nothing}>Nothing that a log axis can show</div>
  const xTicks = Math.max(3, Math.min(8, Math.round(width / 90)))
  const xAxis = axisFor(xRange, logX, true, xTicks, x === 'time' ? clockStep : wholeStep)
  const yAxis = axisFor(yRange, logY, false, height < 120 ? 3 : 5)
  return (
    <Recharts
      width={width}
      height={height}
      margin={{ top: 6, right: 10, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--lab-grid)" vertical={false} />
      <XAxis
        {...xAxisLook}
        scale={logX ? 'log' : 'linear'}
        domain={[...xAxis.domain]}
        ticks={[...xAxis.ticks]}
        interval="preserveStartEnd"
        tickFormatter={value => formatX(x, value)}
        height={22}
        name={xLabels[x]}
      />
      <YAxis
        {...yAxisLook}
        scale={logY ? 'log' : 'linear'}
        domain={[...yAxis.domain]}
        ticks={[...yAxis.ticks]}
        tickFormatter={formatTick}
        width={48}
      />
      <ReferenceLayer references={references} />
      <CurveLayer drawn={drawn} />
      <CursorLayer drawn={drawn} x={x} events={events} group={group} logY={logY} onZoom={onZoom} />
    </Recharts>
  )
})

/** The chart in one sentence, for those who do not see it. */
export function summary(
  name: string,
  drawn: readonly DrawnLine[],
  format: (value: number) => string,
  references: readonly ReferenceLine[] = noReferences,
): string {
  const parts = drawn
    .filter(({ y }) => y.length > 0)
    .map(({ line, y }) => `${line.label}: ${y.length} points, from ${format(y[0]!)} to ${format(y.at(-1)!)}`)
  const held = references.map(({ value, label }) => `${label}: ${format(value)}`)
  return parts.length === 0 ? `${name}: no values yet` : `${name}. ${[...parts, ...held].join('. ')}`
}
