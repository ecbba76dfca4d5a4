// The names of the lines and their values: at the cursor while it is in a chart, else the newest.
import { PlainText } from '../components/plain-text.tsx'
import { nearestIndex } from './axis.ts'
import type { DrawnLine } from './chart-line.ts'
import classes from './charts.module.css'
import { useHoverX } from './hover.ts'

export function LineLegend({
  drawn,
  group,
  format,
}: {
  drawn: readonly DrawnLine[]
  group: string
  format: (value: number) => string
}) {
  const hoverX = useHoverX(group)
  return (
    <span className={classes.legend}>
      {drawn.map(({ line, x: xs, y, smooth }) => {
        const i = hoverX === null ? y.length - 1 : nearestIndex(xs, hoverX)
        if (i < 0) return null
        return (
          <span key={line.id} className={classes.legendItem}>
            <svg width={14} height={8} aria-hidden>
              <line
                x1={0}
                x2={14}
                y1={4}
                y2={4}
                stroke={line.color}
                strokeWidth={2}
                strokeDasharray={line.dashed ? '5 3' : undefined}
              />
            </svg>
            <PlainText text={line.label} /> <output>{format((smooth ?? y)[i]!)}</output>
          </span>
        )
      })}
    </span>
  )
}
