// What it can and cannot judge: one bar per kind of pair whose better answer is known, by group; a click shows examples.
import { Text } from '@mantine/core'
import { useState } from 'react'
import type { Judgement } from '../../../../../src-shared/contract/reward-contract.ts'
import { judgementLevel } from '../../../../../src-shared/reward/verdict-judgements.ts'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { ShareBar } from '../../../components/share-bar.tsx'
import { LightShape } from '../../../components/verdict-light.tsx'
import { formatCount } from '../../../format.ts'
import { shareText } from '../agreement-words.ts'
import classes from './report.module.css'
import { ScoredText } from './scored-text.tsx'

const groups = [
  { group: 'truth', title: 'Truth' },
  { group: 'abstention', title: '“I don’t know.”' },
  { group: 'style', title: 'Style' },
  { group: 'tasks', title: 'Other tasks' },
] as const satisfies readonly { group: Judgement['group']; title: string }[]

const words = {
  green: 'it can tell',
  amber: 'it cannot tell reliably',
  red: 'it has this the wrong way round',
} as const

export function Judges({ judges }: { judges: readonly Judgement[] }) {
  if (judges.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        Not measured: only about the starter world it is known here which answer is better. Try pairs of which
        you know it in the playground.
      </Text>
    )
  return (
    <>
      {groups.map(({ group, title }) => {
        const own = judges.filter(judgement => judgement.group === group)
        if (own.length === 0) return null
        return (
          <section key={group} aria-label={title}>
            <Text fz="xs" fw={600} c="dimmed" mt="xs">
              {title}
            </Text>
            <ul className={classes.judges}>
              {own.map(judgement => (
                <Row key={judgement.kind} judgement={judgement} />
              ))}
            </ul>
          </section>
        )
      })}
      <Text fz="xs" c="dimmed" mt={6}>
        How often the better answer scores higher, with the 95% interval; the dashed line is guessing. A click
        shows pairs.
      </Text>
    </>
  )
}

function Row({ judgement }: { judgement: Judgement }) {
  const [open, setOpen] = useState(false)
  const { title, accuracy, examples } = judgement
  const level = judgementLevel(judgement)
  return (
    <li>
      <button type="button" className={classes.judge} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          <LightShape level={level} size={13} /> <PlainText text={title} />{' '}
          <Text span fz="xs" c="dimmed">
            {words[level]}
          </Text>
        </span>
        <span className={classes.figure}>
          {shareText(accuracy)}
          <span className="visually-hidden">{` of ${formatCount(accuracy.n)} pairs`}</span>
        </span>
        <ShareBar share={accuracy} marks={[0.5]} />
      </button>
      {open && (
        <div className={classes.examples}>
          {examples.length === 0 && (
            <Text fz="xs" c="dimmed">
              No example was kept.
            </Text>
          )}
          {examples.map(({ prompt, better, worse, betterScore, worseScore }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: examples have no other name than their place
            <div key={i}>
              <div className={classes.prompt}>{visible(prompt)}</div>
              <ScoredText name="better" text={better} score={betterScore} high={betterScore > worseScore} />
              <ScoredText name="worse" text={worse} score={worseScore} high={worseScore > betterScore} />
            </div>
          ))}
        </div>
      )}
    </li>
  )
}
