// How the axes of all charts look: Recharts properties of an x and of a y axis.
export const tickStyle = {
  fontSize: 11,
  fill: 'var(--mantine-color-dimmed)',
  fontVariantNumeric: 'tabular-nums',
}

const axisLook = { type: 'number', allowDataOverflow: true, tickLine: false, tick: tickStyle } as const

export const xAxisLook = {
  ...axisLook,
  dataKey: 'x',
  axisLine: { stroke: 'var(--lab-line-strong)' },
} as const
export const yAxisLook = { ...axisLook, interval: 0, axisLine: false } as const
