// Levels that curves are held against (chance, what labelers agree on): dashed lines across the plot, named at their end.
import { usePlotArea, useYAxisScale } from 'recharts'
import { visible } from '../components/plain-text.tsx'
import type { ReferenceLine } from './charts.ts'

/** Pixels below which a name would stand outside of the plot. */
const ROOM = 13

export function ReferenceLayer({ references }: { references: readonly ReferenceLine[] }) {
  const area = usePlotArea()
  const toY = useYAxisScale()
  if (!area || !toY) return null
  return (
    <g pointerEvents="none">
      {references.map(({ value, label }) => {
        const y = toY(value)
        // Zoomed or logarithmic axes may have no place for it.
        if (y === undefined || !Number.isFinite(y) || y < area.y - 1 || y > area.y + area.height + 1)
          return null
        return (
          <g key={label}>
            <path
              d={`M${area.x} ${y}h${area.width}`}
              stroke="var(--mantine-color-dimmed)"
              strokeDasharray="6 4"
            />
            <text
              x={area.x + area.width - 2}
              y={y - area.y < ROOM ? y + 12 : y - 4}
              textAnchor="end"
              fontSize={11}
              fill="var(--mantine-color-dimmed)"
              stroke="var(--lab-surface)"
              strokeWidth={3}
              paintOrder="stroke"
            >
              {visible(label)}
            </text>
          </g>
        )
      })}
    </g>
  )
}
