// An answer's text: one plain text node, which its tokens take the place of once somebody points at it or colours it.
// What a model wrote is never anything but text.
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import { visible } from '../../components/plain-text.tsx'
import surprise from '../../components/surprise.module.css'
import { surpriseLevel } from '../../components/surprise.ts'
import { useStickToEnd } from '../../components/use-stick-to-end.ts'
import { formatCounted } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import classes from './chat.module.css'
import { TokenCard, tokenSentence } from './token-card.tsx'
import { unitsOf } from './token-units.ts'

/** Enough to read; a longer text is drawn as tokens up to here and as plain text beyond. */
const MOST_UNITS = 2000

export function AnswerText({
  answer,
  name,
  accent,
  colored,
}: {
  answer: ChatAnswer
  /** Whose answer, for screen readers. */
  name: string
  accent: string
  colored: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  const writing = answer.state === 'writing'
  useStickToEnd(box, writing, answer.text)
  const [looked, setLooked] = useState(false)
  const inView = useInView(box, colored)
  const asTokens = (looked || (colored && inView)) && answer.tokenCount > 0
  const kept = useQuery('chat.tokens', asTokens && !writing ? { answer: answer.id } : null)
  const tokens = writing ? answer.tokens : kept.data?.tokens
  const units = useMemo(() => (asTokens && tokens ? unitsOf(tokens) : null), [asTokens, tokens])
  const [inspected, setInspected] = useState<{ index: number; anchor: HTMLElement } | null>(null)
  const unit = inspected && units?.[inspected.index]

  const point = (event: PointerEvent) => {
    setLooked(true)
    const anchor = (event.target as Element).closest<HTMLElement>('[data-unit]')
    if (anchor) setInspected({ index: Number(anchor.dataset.unit), anchor })
  }
  const inspect = (index: number) => {
    const anchor = box.current?.querySelector<HTMLElement>(`[data-unit="${index}"]`)
    if (!anchor) return
    anchor.scrollIntoView({ block: 'nearest' })
    setInspected({ index, anchor })
  }
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && inspected) {
      event.preventDefault()
      event.stopPropagation()
      setInspected(null)
    }
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined || !units) return
    event.preventDefault()
    const last = Math.min(units.length, MOST_UNITS) - 1
    inspect(inspected ? Math.max(0, Math.min(last, inspected.index + by)) : by > 0 ? 0 : last)
  }
  const ended = !writing && answer.stopped === 'end'
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      <div
        ref={box}
        role="group"
        aria-label={`Answer of ${name}: ${formatCounted(answer.tokenCount, 'token')}, arrow keys read them`}
        className={classes.answerText}
        data-colored={(colored && units !== null) || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move through the tokens
        tabIndex={0}
        onPointerOver={point}
        onPointerLeave={() => setInspected(null)}
        onScroll={() => setInspected(null)}
        onFocus={() => setLooked(true)}
        onBlur={() => setInspected(null)}
        onKeyDown={move}
      >
        {units ? (
          <>
            {units.slice(0, MOST_UNITS).map((each, index) => {
              const last = ended && index === units.length - 1 && each.special
              return (
                <span
                  key={each.from}
                  data-unit={index}
                  data-inspected={inspected?.index === index || undefined}
                  className={[
                    classes.token,
                    colored && surprise[`surprise${surpriseLevel(each.logProb)}`],
                    last ? classes.endMark : each.special && classes.special,
                  ]
                    .filter(Boolean)
                    .join(' ')}
                >
                  {last ? ' ■' : visible(each.text)}
                </span>
              )
            })}
            {units
              .slice(MOST_UNITS)
              .map(each => visible(each.text))
              .join('')}
          </>
        ) : (
          <bdi>{visible(answer.text)}</bdi>
        )}
        {ended && !units?.at(-1)?.special && (
          <span className={classes.endMark} aria-hidden>
            {' ■'}
          </span>
        )}
        {writing && (
          <span className={classes.caret} aria-hidden>
            ▍
          </span>
        )}
      </div>
      <span className="visually-hidden" aria-live="polite">
        {unit && tokens && document.activeElement === box.current ? tokenSentence(tokens[unit.from]!) : ''}
      </span>
      {unit && inspected && tokens && (
        <TokenCard unit={unit} tokens={tokens} anchor={inspected.anchor} accent={accent} />
      )}
    </>
  )
}

/** Whether the element is on the screen or near it; not watched unless `wanted`. */
function useInView(element: React.RefObject<HTMLElement | null>, wanted: boolean): boolean {
  const [inView, setInView] = useState(false)
  useEffect(() => {
    if (!wanted || !element.current) return
    const observer = new IntersectionObserver(entries => setInView(entries.at(-1)!.isIntersecting), {
      rootMargin: '300px',
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element, wanted])
  return inView
}
