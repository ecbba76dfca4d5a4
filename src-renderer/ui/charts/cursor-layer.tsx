// Over the curves: catches the pointer, draws the shared cursor, the events and the range being dragged.
import { type PointerEvent, useRef, useState } from 'react'
import { type PlotArea, usePlotArea, useXAxisInverseScale, useXAxisScale, useYAxisScale } from 'recharts'
import { visible } from '../components/plain-text.tsx'
import { nearestIndex } from './axis.ts'
import {
  type DrawnLine,
  formatX,
  type PlacedEvent,
  type ToPixel,
  type XAxisKind,
  xLabels,
} from './chart-line.ts'
import { setHover, useHoverX } from './hover.ts'

const DRAG_FROM_PX = 6

export function CursorLayer({
  drawn,
  x: kind,
  events,
  group,
  logY,
  onZoom,
}: {
  drawn: readonly DrawnLine[]
  x: XAxisKind
  events: readonly PlacedEvent[]
  group: string
  logY: boolean
  onZoom?: (range: readonly [number, number] | null) => void
}) {
  const area = usePlotArea()
  const toPixel = useXAxisScale()
  const toPixelY = useYAxisScale()
  const toValue = useXAxisInverseScale()
  const hoverX = useHoverX(group)
  const pressedAt = useRef<number | null>(null)
  const [drag, setDrag] = useState<readonly [number, number] | null>(null)
  if (!area || !toPixel || !toPixelY || !toValue) return null

  const inside = (pixel: number): number => Math.min(area.x + area.width, Math.max(area.x, pixel))
  const pixelOf = (event: PointerEvent<SVGRectElement>): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return inside(area.x + event.clientX - box.left)
  }
  const valueAt = (pixel: number): number => Number(toValue(pixel))
  const move = (event: PointerEvent<SVGRectElement>) => {
    const pixel = pixelOf(event)
    setHover(group, valueAt(pixel))
    if (pressedAt.current !== null) setDrag([pressedAt.current, pixel])
  }
  const release = (event: PointerEvent<SVGRectElement>) => {
    const from = pressedAt.current
    const to = pixelOf(event)
    pressedAt.current = null
    setDrag(null)
    if (from === null || Math.abs(to - from) < DRAG_FROM_PX) return
    onZoom?.([valueAt(Math.min(from, to)), valueAt(Math.max(from, to))])
  }
  const cursor = hoverX === null ? undefined : toPixel(hoverX)
  const shownCursor = cursor !== undefined && cursor >= area.x - 1 && cursor <= area.x + area.width + 1
  return (
    <g>
      <EventMarks shape="line" events={events} area={area} toPixel={toPixel} />
      {drag && (
        <rect
          x={Math.min(...drag)}
          width={Math.abs(drag[1] - drag[0])}
          y={area.y}
          height={area.height}
          fill="var(--mantine-primary-color-filled)"
          fillOpacity={0.12}
        />
      )}
      {shownCursor && (
        <g pointerEvents="none">
          <CursorLabel at={cursor} area={area} text={`${xLabels[kind]} ${formatX(kind, hoverX!)}`} />
          <line
            x1={cursor}
            x2={cursor}
            y1={area.y}
            y2={area.y + area.height}
            stroke="var(--mantine-color-dimmed)"
          />
          {drawn.map(({ line, x, y, smooth }) => {
            const i = nearestIndex(x, hoverX!)
            const value = i < 0 ? Number.NaN : (smooth ?? y)[i]!
            if (!Number.isFinite(value) || (logY && value <= 0)) return null
            return <circle key={line.id} cx={toPixel(x[i]!)} cy={toPixelY(value)} r={3} fill={line.color} />
          })}
        </g>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same values are in the table view, for keyboards */}
      <rect
        x={area.x}
        y={area.y}
        width={area.width}
        height={area.height}
        fill="transparent"
        style={{ cursor: 'crosshair', touchAction: 'pan-y' }}
        onPointerMove={move}
        onPointerDown={event => {
          if (event.button !== 0 || !onZoom) return
          event.currentTarget.setPointerCapture(event.pointerId)
          pressedAt.current = pixelOf(event)
        }}
        onPointerUp={release}
        onPointerLeave={() => setHover(group, null)}
        onDoubleClick={() => onZoom?.(null)}
      />
      <EventMarks shape="handle" events={events} area={area} toPixel={toPixel} />
    </g>
  )
}

/** Lines lie under the pointer layer; handles lie over it, so that they can be hovered. */
function EventMarks({
  shape,
  events,
  area,
  toPixel,
}: {
  shape: 'line' | 'handle'
  events: readonly PlacedEvent[]
  area: PlotArea
  toPixel: ToPixel
}) {
  return events.map(({ event, x }) => {
    const pixel = toPixel(x)
    if (pixel === undefined || pixel < area.x || pixel > area.x + area.width) return null
    const key = `${event.at} ${event.step} ${event.kind} ${event.text}`
    const color = event.kind === 'doctor' ? 'var(--lab-warn)' : 'var(--mantine-color-dimmed)'
    return shape === 'line' ? (
      <path
        key={key}
        d={`M${pixel} ${area.y}v${area.height}`}
        stroke={color}
        strokeDasharray="2 3"
        strokeOpacity={0.6}
      />
    ) : (
      <path key={key} d={`M${pixel - 4} ${area.y - 5}h8l-4 6z`} fill={color}>
        <title>{visible(`Step ${event.step}: ${event.text}`)}</title>
      </path>
    )
  })
}

/** Where the cursor stands, written beside it on the side that has room. */
function CursorLabel({ at, area, text }: { at: number; area: PlotArea; text: string }) {
  const left = at > area.x + area.width * 0.7
  return (
    <text
      x={at + (left ? -5 : 5)}
      y={area.y + area.height - 5}
      textAnchor={left ? 'end' : 'start'}
      fontSize={11}
      fill="var(--mantine-color-text)"
      stroke="var(--lab-surface)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      {text}
    </text>
  )
}
