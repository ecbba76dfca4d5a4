// Tokens in a row, coloured so that their borders show. Pointing at one, or moving with the arrow keys, reads it out
// below: id, bytes, and what the caller adds. Every token is an element, so long texts are drawn in pages: from the
// beginning, or for a text that grows from its end, with what was before as plain text.
import { Button, Text } from '@mantine/core'
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import type { TokenPiece } from '../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../format.ts'
import scoreShades from './score-change.module.css'
import type { ScoreChange } from './score-change.ts'
import surprise from './surprise.module.css'
import classes from './token-strip.module.css'
import { drawn, hexBytes, inOneLine, tokensFrom, wholeText } from './token-text.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

export type Tone =
  | 'plain'
  | 'unseen'
  | 'lit'
  | 'unlit'
  | 'surprise0'
  | 'surprise1'
  | 'surprise2'
  | 'surprise3'
  | 'surprise4'
  | ScoreChange

const toneClass = (name: string) => classes[name] ?? surprise[name] ?? scoreShades[name]

const PAGE = 3000
/** Of a growing text: it is drawn anew many times a second. */
const NEWEST_PAGE = 1000

export function TokenStrip({
  pieces,
  visible = false,
  tone,
  remark,
  label,
  maxHeight = 320,
  growing,
  hint = 'Point at a token to read its id and bytes.',
}: {
  pieces: readonly TokenPiece[]
  /** Whitespace drawn as marks. */
  visible?: boolean
  /** Colour of the n-th token instead of the turns. */
  tone?: (index: number) => Tone
  /** What the read-out adds for the n-th token: its probability … */
  remark?: (index: number) => string | null
  /** Name for screen readers. */
  label: string
  maxHeight?: number
  /** The text grows at its end, which is what to show; `now` = it does at this moment. */
  growing?: { readonly now: boolean }
  /** What the read-out says before a token is pointed at. */
  hint?: string
}) {
  const [inspected, setInspected] = useState<number | null>(null)
  const [pages, setPages] = useState(1)
  const strip = useRef<HTMLDivElement>(null)
  useStickToEnd(strip, growing?.now ?? false, pieces)
  const first = growing ? tokensFrom(pieces.length, pages * NEWEST_PAGE) : 0
  const end = growing ? pieces.length : Math.min(pieces.length, pages * PAGE)
  const shown = pieces.slice(first, end)
  const piece = inspected === null ? undefined : pieces[inspected]

  const point = (event: MouseEvent<HTMLElement>) => {
    const index = (event.target as HTMLElement).dataset.index
    if (index !== undefined) setInspected(Number(index))
  }
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined || shown.length === 0) return
    event.preventDefault()
    setInspected(now =>
      now === null ? (by === 1 ? first : end - 1) : Math.min(end - 1, Math.max(first, now + by)),
    )
  }
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      <div
        ref={strip}
        className={classes.strip}
        role="group"
        aria-label={`${label}: ${formatCount(pieces.length)} tokens, arrow keys read them`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move through the tokens
        tabIndex={0}
        style={{ maxHeight }}
        onMouseOver={point}
        onFocus={() => setInspected(now => now ?? first)}
        onKeyDown={move}
      >
        {first > 0 && <span className={classes.plain}>{wholeText(pieces.slice(0, first), visible)}</span>}
        {shown.map((p, i) => {
          const index = first + i
          return (
            <span
              key={index}
              data-index={index}
              className={[
                classes.token,
                toneClass(tone ? tone(index) : (`turn${index % 5}` as const)),
                p.special && classes.special,
                p.text === null && classes.bytes,
                index === inspected && classes.inspected,
              ]
                .filter(Boolean)
                .join(' ')}
            >
              {drawn(p, visible)}
            </span>
          )
        })}
      </div>
      {first > 0 && (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setPages(pages + 1)}>
          {formatCount(first)} older tokens stand as plain text: show more one by one
        </Button>
      )}
      {pieces.length > end && (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setPages(pages + 1)}>
          Show {formatCount(Math.min(PAGE, pieces.length - end))} more of {formatCount(pieces.length)} tokens
        </Button>
      )}
      <Text className={`${classes.inspector} tabular`} aria-live="polite">
        {piece && inspected !== null
          ? [
              `token ${formatCount(inspected + 1)} of ${formatCount(pieces.length)}`,
              `“${inOneLine(piece)}”`,
              `id ${piece.id}`,
              piece.special ? 'special' : `bytes ${hexBytes(piece.bytes)}`,
              remark?.(inspected),
            ]
              .filter(Boolean)
              .join(' · ')
          : hint}
      </Text>
    </div>
  )
}

/** How a token looks that a loss counts, or does not, for a legend. */
export function MaskSwatch({ lit }: { lit: boolean }) {
  return (
    <span aria-hidden className={`${classes.token} ${lit ? classes.lit : classes.unlit}`}>
      Aa
    </span>
  )
}
