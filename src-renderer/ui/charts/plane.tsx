// Two named axes for figures that are drawn by layers of their own (SVG in pixels of the plot).
import type { ReactNode } from 'react'
import {
  CartesianGrid,
  LineChart,
  type PlotArea,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts'
import { type Axis, formatTick } from './axis.ts'
import { tickStyle, xAxisLook, yAxisLook } from './axis-look.ts'
import type { ToPixel } from './chart-line.ts'

export interface PlaneProps {
  width: number
  height: number
  x: Axis
  y: Axis
  xLabel: string
  formatX?: (value: number) => string
  formatY?: (value: number) => string
  children: ReactNode
}

export function Plane({
  width,
  height,
  x,
  y,
  xLabel,
  formatX = formatTick,
  formatY = formatTick,
  children,
}: PlaneProps) {
  return (
    <LineChart
      width={width}
      height={height}
      margin={{ top: 10, right: 18, bottom: 2, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--lab-grid)" vertical={false} />
      <XAxis
        {...xAxisLook}
        domain={[...x.domain]}
        ticks={[...x.ticks]}
        interval={0}
        tickFormatter={formatX}
        height={36}
        label={{ value: xLabel, position: 'insideBottom', offset: 2, ...tickStyle }}
      />
      <YAxis {...yAxisLook} domain={[...y.domain]} ticks={[...y.ticks]} tickFormatter={formatY} width={44} />
      {children}
    </LineChart>
  )
}

export interface Plot {
  readonly area: PlotArea
  readonly toX: (value: number) => number
  readonly toY: (value: number) => number
}

/** Data to pixels inside of a Plane; null before it is laid out. */
export function usePlot(): Plot | null {
  const area = usePlotArea()
  const toX = useXAxisScale() as ToPixel | undefined
  const toY = useYAxisScale() as ToPixel | undefined
  if (!area || !toX || !toY) return null
  const inside = (to: ToPixel) => (value: number) => to(value) ?? Number.NaN
  return { area, toX: inside(toX), toY: inside(toY) }
}

/** A share of 0 to 1 as an axis. */
export const shareAxis: Axis = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] }
