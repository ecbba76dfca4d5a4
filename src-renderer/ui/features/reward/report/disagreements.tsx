// The labels that the model disagrees with most: errors of the model, or of the labeler, and then mended on a click.
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { Disagreement } from '../../../../../src-shared/contract/reward-contract.ts'
import { useApp } from '../../../app-state.ts'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import classes from './report.module.css'
import { ScoredText } from './scored-text.tsx'

const MORE = 10

export function Disagreements({ worst, first }: { worst: readonly Disagreement[]; first: number }) {
  const [shown, setShown] = useState(first)
  const sets = useQuery('preferences.list', {}).data
  if (worst.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        None: on every validation pair the response that won scores higher.
      </Text>
    )
  return (
    <>
      <ul className={classes.disagreements} aria-label="Worst disagreements">
        {worst.slice(0, shown).map((each, i) => (
          <OneDisagreement
            // biome-ignore lint/suspicious/noArrayIndexKey: a prompt may stand here with several of its pairs
            key={`${each.set} ${each.number} ${i}`}
            disagreement={each}
            gone={sets !== undefined && !sets.some(set => set.id === each.set && set.removedAt === null)}
          />
        ))}
      </ul>
      {shown < worst.length && (
        <Button variant="subtle" size="compact-xs" mt="xs" onClick={() => setShown(shown + MORE)}>
          Show {formatCount(Math.min(MORE, worst.length - shown))} more of {formatCount(worst.length)}
        </Button>
      )}
    </>
  )
}

function OneDisagreement({
  disagreement: { set, number, messages, winner, loser, labeler },
  gone,
}: {
  disagreement: Disagreement
  /** Its set was removed since. */
  gone: boolean
}) {
  const openCard = useApp(state => state.openCard)
  const before = messages.length - 1
  return (
    <li className={classes.disagreement}>
      <div className={classes.prompt}>{visible(messages.at(-1)?.content ?? '')}</div>
      <ScoredText name="winner" text={winner.text} score={winner.score} high={winner.score > loser.score} />
      <ScoredText name="loser" text={loser.text} score={loser.score} high={loser.score > winner.score} />
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text fz="xs" c="dimmed" miw={0}>
          ranked by <PlainText text={labeler} />
          {before > 0 && `, after ${formatCounted(before, 'message')}`}
        </Text>
        {gone ? (
          <Text fz="xs" c="dimmed">
            its set was removed
          </Text>
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            style={{ flex: 'none' }}
            onClick={() => openCard(set, number)}
          >
            Fix this label
          </Button>
        )}
      </Group>
    </li>
  )
}
