// What the model thought at one token: its probability, and what else it might have written, as bars.
import { useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { WrittenToken } from '../../../../src-shared/contract/chat-contract.ts'
import { signed } from '../../components/score-text.ts'
import { probabilityText, surpriseBits, surpriseLevel, surpriseNames } from '../../components/surprise.ts'
import { inOneLine, spoken } from '../../components/token-text.ts'
import { formatNumber } from '../../format.ts'
import classes from './chat.module.css'
import type { TokenUnit } from './token-units.ts'

const FEW = 6

interface Choice {
  readonly token: Pick<WrittenToken, 'piece' | 'logProb'>
  readonly taken: boolean
}

/** The likeliest tokens, the one that was taken among them even when it is none of these. */
export function choicesOf(token: WrittenToken): Choice[] {
  const { id } = token.piece
  const likeliest = token.alternatives.slice(0, FEW)
  const listed = likeliest.some(choice => choice.piece.id === id)
  return [
    ...likeliest.map(choice => ({ token: choice, taken: choice.piece.id === id })),
    ...(listed ? [] : [{ token, taken: true }]),
  ]
}

/** `KL +0.69 nats: 2.0 times likelier than under SFT`. */
export function klSentence(nats: number): string {
  const times = Math.exp(Math.abs(nats))
  const figure = times >= 1000 ? 'over 1,000' : times >= 10 ? times.toFixed(0) : times.toFixed(1)
  const how =
    Math.abs(nats) < 0.05
      ? 'as likely as'
      : nats > 0
        ? `${figure} times likelier than`
        : `${figure} times less likely than`
  return `KL ${signed(nats)} nats: ${how} under SFT`
}

/** The same as a sentence, for screen readers. @param nats KL of the token, where it is measured */
export function tokenSentence(token: WrittenToken, nats?: number): string {
  const others = choicesOf(token)
    .filter(choice => !choice.taken)
    .slice(0, 3)
    .map(({ token }) => `${spoken(token.piece)} ${probabilityText(Math.exp(token.logProb))}`)
  const rest = others.length > 0 ? `; else ${others.join(', ')}` : ''
  const kl = nats === undefined ? '' : `; ${klSentence(nats)}`
  return `${spoken(token.piece)}: ${probabilityText(Math.exp(token.logProb))}${rest}${kl}`
}

const GAP = 6

/** @param anchor the token on the screen: the card stands below it, or above where there is no room */
export function TokenCard({
  unit,
  tokens,
  nats,
  anchor,
  accent,
}: {
  unit: TokenUnit
  tokens: readonly WrittenToken[]
  /** KL of the unit; undefined = not measured. */
  nats: number | undefined
  anchor: HTMLElement
  accent: string
}) {
  const card = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another unit makes another height
  useLayoutEffect(() => {
    const at = anchor.getClientRects()[0]
    const own = card.current?.getBoundingClientRect()
    if (!at || !own) return
    const below = at.bottom + GAP + own.height <= window.innerHeight
    setPlace({
      left: Math.max(GAP, Math.min(at.left, window.innerWidth - own.width - GAP)),
      top: below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - own.height),
    })
  }, [anchor, unit, nats])
  const token = tokens[unit.from]!
  const level = surpriseLevel(unit.logProb)
  return createPortal(
    <div
      ref={card}
      className={classes.card}
      role="tooltip"
      style={{ '--accent': accent, ...(place ?? { left: 0, top: 0, visibility: 'hidden' }) } as object}
    >
      <div style={{ marginBottom: 4 }}>
        {unit.count > 1 && `${unit.count} tokens, one character: `}
        <b className="tabular">{probabilityText(Math.exp(unit.logProb))}</b>
        {`, ${formatNumber(surpriseBits(unit.logProb), 2)} bits: ${surpriseNames[level]}`}
      </div>
      {choicesOf(token).map(({ token: { piece, logProb }, taken }) => (
        <div key={piece.id} className={classes.choice} data-taken={taken || undefined}>
          <bdi className={`mono ${classes.oneLine}`}>
            {taken ? '› ' : ''}
            {inOneLine(piece)}
          </bdi>
          <span>
            <span
              className={classes.bar}
              style={{ display: 'block', width: `${100 * Math.exp(logProb)}%` }}
            />
          </span>
          <span className={classes.figure}>{probabilityText(Math.exp(logProb))}</span>
        </div>
      ))}
      {nats !== undefined && (
        <div style={{ marginTop: 4 }} className="tabular">
          {klSentence(nats)}
        </div>
      )}
    </div>,
    document.body,
  )
}
