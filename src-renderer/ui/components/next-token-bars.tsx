// The next-token distribution as bars: what the model believes, and what is left after temperature, top-k and top-p.
// A click, or a key from 1 to 9, takes a token.
import { Button, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { TokenPiece } from '../../../src-shared/contract/lab-contract.ts'
import classes from './next-token-bars.module.css'
import { filterSentence, probabilityText } from './surprise.ts'
import { Term } from './term.tsx'
import { inOneLine, spoken, untakable } from './token-text.ts'

export interface Candidate {
  readonly piece: TokenPiece
  readonly probability: number
  readonly sampling: number
}

const FEW = 12

export function NextTokenBars({
  next,
  vocabularySize,
  onTake,
  refusal,
}: {
  next: readonly Candidate[]
  vocabularySize: number
  onTake: (candidate: Candidate) => void
  /** Why nothing can be taken now: the model runs by itself … */
  refusal: string | null
}) {
  const [all, setAll] = useState(false)
  const shown = all ? next : next.slice(0, FEW)
  const widest = Math.max(1e-9, ...shown.map(n => Math.max(n.probability, n.sampling)))
  return (
    <div>
      <div className={`${classes.row} ${classes.head}`}>
        <span className={classes.key}>key</span>
        <span>next token</span>
        <span />
        <span className={classes.figure}>
          <Term meaning="What the model itself gives this token: filled bar.">model</Term>
        </span>
        <span className={classes.figure}>
          <Term meaning="What it is drawn with, after temperature, top-k and top-p: hatched bar.">drawn</Term>
        </span>
      </div>
      <ol className={classes.list}>
        {shown.map((candidate, index) => (
          <li key={candidate.piece.id}>
            <CandidateRow
              candidate={candidate}
              rank={index + 1}
              widest={widest}
              refusal={refusal ?? untakable(candidate.piece)}
              onTake={onTake}
            />
          </li>
        ))}
      </ol>
      <Text fz="xs" c="dimmed" mt={4}>
        {filterSentence(next, vocabularySize)}
      </Text>
      {next.length > FEW && (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${next.length}`}
        </Button>
      )}
    </div>
  )
}

function CandidateRow({
  candidate,
  rank,
  widest,
  refusal,
  onTake,
}: {
  candidate: Candidate
  rank: number
  widest: number
  refusal: string | null
  onTake: (candidate: Candidate) => void
}) {
  const { piece, probability, sampling } = candidate
  const width = (p: number) => ({ width: `${(100 * p) / widest}%` })
  return (
    <UnstyledButton
      className={classes.row}
      data-filtered={sampling === 0 || undefined}
      aria-disabled={refusal ? true : undefined}
      title={refusal ?? undefined}
      onClick={() => {
        if (!refusal) onTake(candidate)
      }}
    >
      <span className={classes.key}>{rank <= 9 ? rank : ''}</span>
      <span className={`${classes.token} mono`}>
        {inOneLine(piece)}
        <span className="visually-hidden">, {spoken(piece)}, probability</span>
      </span>
      <span className={classes.bars} aria-hidden>
        <span className={`${classes.bar} ${classes.model}`} style={width(probability)} />
        {sampling > 0 && <span className={`${classes.bar} ${classes.sampling}`} style={width(sampling)} />}
      </span>
      <span className={classes.figure}>{probabilityText(probability)}</span>
      <span className={classes.figure}>
        <span className="visually-hidden">, drawn with </span>
        {sampling > 0 ? probabilityText(sampling) : 'never'}
        {refusal && <span className="visually-hidden">. {refusal}</span>}
      </span>
    </UnstyledButton>
  )
}
