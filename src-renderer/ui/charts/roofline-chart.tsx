// The roofline of a bench: FLOPs per second against FLOPs per byte, under what the machine can do at most. Colour says
// whose kernels, shape says training or writing, and every point is named.
import { useElementSize } from '@mantine/hooks'
import type { BenchReport } from '../../../src-shared/bench/report.ts'
import { type Roofline, rooflineOf } from '../../../src-shared/bench/roofline.ts'
import { rooflineSentence, tickText } from '../../../src-shared/bench/roofline-text.ts'
import { visible } from '../components/plain-text.tsx'
import classes from './roofline-chart.module.css'

const NARROWEST = 320

export function RooflineChart({ report, height = 340 }: { report: BenchReport; height?: number }) {
  const { ref, width } = useElementSize()
  const picture = rooflineOf(report, { width: Math.max(NARROWEST, Math.round(width) || 560), height })
  if (!picture) return null
  return (
    <figure ref={ref} className={classes.figure}>
      <svg
        role="img"
        aria-label={visible(rooflineSentence(report))}
        width={picture.width}
        height={height}
        className={classes.picture}
      >
        <Grid {...picture} />
        <Roofs {...picture} />
        <Points {...picture} />
      </svg>
    </figure>
  )
}

function Grid({ frame, height, xTicks, yTicks }: Roofline) {
  const { left, right, top, bottom } = frame
  return (
    <g className={classes.axes}>
      {xTicks.map(({ value, at }) => (
        <g key={value}>
          <line x1={at} x2={at} y1={top} y2={bottom} />
          <text x={at} y={bottom + 14} textAnchor="middle">
            {tickText(value)}
          </text>
        </g>
      ))}
      {yTicks.map(({ value, at }) => (
        <g key={value}>
          <line x1={left} x2={right} y1={at} y2={at} />
          <text x={left - 6} y={at + 3} textAnchor="end">
            {tickText(value / 1e9)}
          </text>
        </g>
      ))}
      <text x={(left + right) / 2} y={height - 6} textAnchor="middle">
        FLOP per byte
      </text>
      <text x={2} y={11}>
        GFLOP/s
      </text>
    </g>
  )
}

function Roofs({ roofs }: Roofline) {
  return (
    <g className={classes.roofs}>
      {roofs.map(({ label, threads, line, labelAt }) => (
        <g key={threads}>
          <polyline
            data-one={threads === 1 || undefined}
            points={line.map(({ x, y }) => `${x},${y}`).join(' ')}
          />
          <text x={labelAt.x} y={labelAt.y + 3.5}>
            {label}
          </text>
        </g>
      ))}
    </g>
  )
}

function Points({ frame, tasks, points }: Roofline) {
  return (
    <g className={classes.points}>
      {tasks.map(({ label, x, labelAt }) => (
        <g key={label}>
          <line x1={x} x2={x} y1={frame.top} y2={frame.bottom} />
          <text x={labelAt.x} y={labelAt.y} textAnchor="middle">
            {visible(label)}
          </text>
        </g>
      ))}
      {points.map(({ at, label, labelAt, anchor, kernels, mode, size }) => (
        <g key={`${size} ${mode} ${label}`} data-kernels={kernels}>
          {mode === 'train' ? (
            <circle cx={at.x} cy={at.y} r={4.5} />
          ) : (
            <rect x={at.x - 4} y={at.y - 4} width={8} height={8} />
          )}
          <text x={labelAt.x} y={labelAt.y + 3.5} textAnchor={anchor}>
            {label}
          </text>
        </g>
      ))}
    </g>
  )
}
