// The order as it stands, from best to worst. Answers are dropped into it: between two, or on one for a tie.
import { type DragEvent, useState } from 'react'
import classes from './bench.module.css'
import { rankWord } from './bench-words.ts'
import { groupsOf, type OrderDraft, wholeOrder } from './order-draft.ts'

type Side = 'before' | 'tie' | 'after'

/** The middle of a rank ties; its edges are the gaps beside it. */
const EDGE = 0.3

function sideOf(event: DragEvent<HTMLElement>): Side {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  const across = (event.clientX - left) / Math.max(1, width)
  return across < EDGE ? 'before' : across > 1 - EDGE ? 'after' : 'tie'
}

export function OrderStrip({
  draft,
  count,
  dragged,
  onDrag,
  onDrop,
}: {
  draft: OrderDraft
  /** Answers on the screen. */
  count: number
  /** Place of the answer that is being dragged. */
  dragged: number | null
  onDrag: (place: number | null) => void
  /** @param rank from 0 */
  onDrop: (place: number, rank: number, tied: boolean) => void
}) {
  const groups = groupsOf(wholeOrder(draft, count))
  const [over, setOver] = useState<{ rank: number; side: Side } | null>(null)
  const allow = (event: DragEvent) => {
    if (dragged === null) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
  }
  const drop = (event: DragEvent, rank: number, tied: boolean) => {
    if (dragged === null) return
    event.preventDefault()
    event.stopPropagation()
    setOver(null)
    onDrop(dragged, rank, tied)
    onDrag(null)
  }
  const placed = new Set(draft.placed.map(each => each.place))
  return (
    <ol
      className={classes.strip}
      aria-label="Order, from best to worst"
      data-target={dragged !== null || undefined}
      onDragOver={allow}
      onDrop={event => drop(event, groups.length, false)}
      onDragLeave={() => setOver(null)}
    >
      {groups.length > 0 && <li className={classes.stripEnd}>Best</li>}
      {groups.map((group, rank) => (
        <li
          key={group.join(' ')}
          className={classes.group}
          data-auto={group.every(place => !placed.has(place)) || undefined}
          data-drop={dragged !== null && over?.rank === rank ? over.side : undefined}
          onDragOver={event => {
            allow(event)
            setOver({ rank, side: sideOf(event) })
          }}
          onDrop={event => {
            const side = sideOf(event)
            drop(event, side === 'after' ? rank + 1 : rank, side === 'tie')
          }}
        >
          <span>{rankWord(rank + 1)}</span>
          {group.map((place, i) => (
            <span key={place}>
              {i > 0 && '= '}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the card has the keys */}
              <span
                className={classes.chip}
                draggable
                onDragStart={event => {
                  event.dataTransfer.setData('text/plain', String(place + 1))
                  onDrag(place)
                }}
                onDragEnd={() => onDrag(null)}
              >
                {place + 1}
              </span>
            </span>
          ))}
        </li>
      ))}
      {draft.tieNext && placed.size < count - 1 && <li className={classes.stripEnd}>= …</li>}
      <li className={classes.stripEnd}>
        {groups.length === 0 ? 'Press the number of the best answer, click it, or drag it here' : 'Worst'}
      </li>
    </ol>
  )
}
