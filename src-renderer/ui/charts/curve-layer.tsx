// The lines themselves, one SVG path each: an element per point would cost more than all else on the screen.
import { memo, useId } from 'react'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import { type DrawnLine, piecesOf, type ToPixel } from './chart-line.ts'

export const CurveLayer = memo(function CurveLayer({ drawn }: { drawn: readonly DrawnLine[] }) {
  const area = usePlotArea()
  const toX = useXAxisScale()
  const toY = useYAxisScale()
  const clip = useId()
  if (!area || !toX || !toY) return null
  return (
    <g clipPath={`url(#${clip})`} fill="none" strokeLinejoin="round" strokeLinecap="round">
      <clipPath id={clip}>
        {/* A dot at the edge is shown whole. */}
        <rect x={area.x - 3} y={area.y - 3} width={area.width + 6} height={area.height + 6} />
      </clipPath>
      {drawn.map(line => (
        <Curve key={line.line.id} drawn={line} toX={toX} toY={toY} />
      ))}
    </g>
  )
})

function Curve({ drawn, toX, toY }: { drawn: DrawnLine; toX: ToPixel; toY: ToPixel }) {
  const { line, x, y, smooth } = drawn
  const raw = piecesOf(x, y, toX, toY)
  const lone = raw.filter(piece => piece.length === 1)
  const dots = line.dots ? raw : lone
  return (
    <>
      <path
        d={curveOf(raw)}
        data-curve={line.id}
        stroke={line.color}
        strokeWidth={smooth ? 1 : 1.75}
        strokeOpacity={smooth ? 0.28 : 1}
        strokeDasharray={line.dashed ? '5 3' : undefined}
      />
      {smooth && (
        <path
          d={curveOf(piecesOf(x, smooth, toX, toY))}
          stroke={line.color}
          strokeWidth={1.75}
          strokeDasharray={line.dashed ? '5 3' : undefined}
        />
      )}
      {dots.length > 0 && <path d={dotsOf(dots)} stroke={line.color} strokeWidth={line.dots ? 4 : 5} />}
    </>
  )
}

const curveOf = (pieces: readonly (readonly string[])[]): string =>
  pieces.map(piece => `M${piece.join('L')}`).join('')
/** Strokes without length: their round caps are the dots. */
const dotsOf = (pieces: readonly (readonly string[])[]): string =>
  pieces.flatMap(piece => piece.map(corner => `M${corner}h0`)).join('')
