// Tokens in a row, coloured so that their borders show. Pointing at one, or moving with the arrow keys, reads it out
// below: id, bytes, and what the caller adds. Long texts are drawn in pages, since every token is an element.
import { Button, Text } from '@mantine/core'
import { type KeyboardEvent, type MouseEvent, useState } from 'react'
import type { TokenPiece } from '../../../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../../../format.ts'
import classes from './token-strip.module.css'
import { drawn, hexBytes, inOneLine } from './token-text.ts'

export type Tone = 'plain' | 'unseen' | 'surprise0' | 'surprise1' | 'surprise2' | 'surprise3' | 'surprise4'

const PAGE = 3000

export function TokenStrip({
  pieces,
  visible = false,
  tone,
  remark,
  label,
  maxHeight = 320,
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
}) {
  const [inspected, setInspected] = useState<number | null>(null)
  const [pages, setPages] = useState(1)
  const shown = pieces.slice(0, pages * PAGE)
  const piece = inspected === null ? undefined : shown[inspected]

  const point = (event: MouseEvent<HTMLElement>) => {
    const index = (event.target as HTMLElement).dataset.index
    if (index !== undefined) setInspected(Number(index))
  }
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined || shown.length === 0) return
    event.preventDefault()
    setInspected(now =>
      now === null ? (by === 1 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, now + by)),
    )
  }
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      <div
        className={classes.strip}
        role="group"
        aria-label={`${label}: ${formatCount(pieces.length)} tokens, arrow keys read them`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move through the tokens
        tabIndex={0}
        style={{ maxHeight }}
        onMouseOver={point}
        onFocus={() => setInspected(now => now ?? 0)}
        onKeyDown={move}
      >
        {shown.map((p, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            key={index}
            data-index={index}
            className={[
              classes.token,
              classes[tone ? tone(index) : (`turn${index % 5}` as const)],
              p.special && classes.special,
              p.text === null && classes.bytes,
              index === inspected && classes.inspected,
            ]
              .filter(Boolean)
              .join(' ')}
          >
            {drawn(p, visible)}
          </span>
        ))}
      </div>
      {pieces.length > shown.length && (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setPages(pages + 1)}>
          Show {formatCount(Math.min(PAGE, pieces.length - shown.length))} more of{' '}
          {formatCount(pieces.length)} tokens
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
          : 'Point at a token to read its id and bytes.'}
      </Text>
    </div>
  )
}

/** The colour of one level of surprise, for a legend. */
export function SurpriseSwatch({ level }: { level: number }) {
  return (
    <span
      aria-hidden
      className={classes[`surprise${level}`]}
      style={{ display: 'inline-block', width: 12, height: 12, border: '1px solid var(--lab-line-strong)' }}
    />
  )
}
