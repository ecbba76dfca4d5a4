// An answer's text: one plain text node, which its tokens take the place of once somebody points at it or colours it.
// What a model wrote is never anything but text.
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import { SPECIAL_TOKENS } from '../../../../src-shared/tokenizer/tokenizer.ts'
import { visible } from '../../components/plain-text.tsx'
import surprise from '../../components/surprise.module.css'
import { surpriseLevel } from '../../components/surprise.ts'
import { useStickToEnd } from '../../components/use-stick-to-end.ts'
import { formatCounted } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import classes from './chat.module.css'
import shades from './kl.module.css'
import { TokenCard, tokenSentence } from './token-card.tsx'
import { type Coloring, klShade } from './token-colors.ts'
import { type TokenUnit, unitNats, unitsOf } from './token-units.ts'

/** Enough to read; a longer text is drawn as tokens up to here and as plain text beyond. */
const MOST_UNITS = 2000

export function AnswerText({
  answer,
  name,
  accent,
  coloring,
  hidden,
}: {
  answer: ChatAnswer
  /** Whose answer, for screen readers. */
  name: string
  accent: string
  coloring: Coloring
  /**
   * Nobody is to see whose it is: no probabilities, no token that ended it, and no space before it, which a text that is
   * continued begins with and an answer does not.
   */
  hidden: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  const writing = answer.state === 'writing'
  useStickToEnd(box, writing, answer.text)
  const [looked, setLooked] = useState(false)
  // Whether it is a token, or was spelled in letters, only the tokens tell.
  const named = useMemo(() => namesSpecial(answer.text), [answer.text])
  const wanted = named || (coloring !== null && !hidden)
  const inView = useInView(box, wanted)
  const asTokens = ((looked && !hidden) || (wanted && inView)) && answer.tokenCount > 0
  const kept = useQuery('chat.tokens', asTokens && !writing ? { answer: answer.id } : null)
  const tokens = writing ? answer.tokens : kept.data?.tokens
  const { kl } = answer
  const measured = asTokens && !hidden && kl !== null && kl.value !== null
  const nats = useQuery('chat.kl', measured ? { answer: answer.id, reference: kl.by } : null).data?.nats
  const units = useMemo(() => {
    if (!asTokens || !tokens) return null
    return hidden ? withoutLead(unitsOf(tokens)) : unitsOf(tokens)
  }, [asTokens, tokens, hidden])
  const [inspected, setInspected] = useState<{ index: number; anchor: HTMLElement } | null>(null)
  const unit = inspected && units?.[inspected.index]

  const point = (event: PointerEvent) => {
    if (hidden) return
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
    if (by === undefined || !units || hidden) return
    event.preventDefault()
    const last = Math.min(units.length, MOST_UNITS) - 1
    inspect(inspected ? Math.max(0, Math.min(last, inspected.index + by)) : by > 0 ? 0 : last)
  }
  const shade = (each: TokenUnit): string | undefined => {
    if (hidden || coloring === null) return undefined
    if (coloring === 'surprise') return surprise[`surprise${surpriseLevel(each.logProb)}`]
    return nats && shades[klShade(unitNats(each, nats))]
  }
  const ended = !writing && answer.stopped === 'end'
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      <div
        ref={box}
        role="group"
        aria-label={
          hidden
            ? `Text of ${name}`
            : `Answer of ${name}: ${formatCounted(answer.tokenCount, 'token')}, arrow keys read them`
        }
        className={classes.answerText}
        data-colored={(coloring !== null && !hidden && units !== null) || undefined}
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
                    shade(each),
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
          <bdi>{visible(hidden ? answer.text.trimStart() : answer.text)}</bdi>
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
        {unit && tokens && document.activeElement === box.current
          ? tokenSentence(tokens[unit.from]!, nats && unitNats(unit, nats))
          : ''}
      </span>
      {unit && inspected && tokens && (
        <TokenCard
          unit={unit}
          tokens={tokens}
          nats={nats && unitNats(unit, nats)}
          anchor={inspected.anchor}
          accent={accent}
        />
      )}
    </>
  )
}

const namesSpecial = (text: string): boolean => SPECIAL_TOKENS.some(token => text.includes(token))

/** Without the space that the text begins with. */
function withoutLead(units: readonly TokenUnit[]): TokenUnit[] {
  const first = units.findIndex(({ text, special }) => special || text.trim() !== '')
  const rest = first < 0 ? [] : units.slice(first)
  return rest.map((unit, i) => (i === 0 ? { ...unit, text: unit.text.trimStart() } : unit))
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
