// The labels that the model disagrees with most: errors of the model, or of the labeler, and then mended on a click.
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { PreferencePrompt } from '../../../../../src-shared/contract/preferences-contract.ts'
import type { Disagreement } from '../../../../../src-shared/contract/reward-contract.ts'
import { useApp } from '../../../app-state.ts'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQueries, useQuery } from '../../../queries.ts'
import classes from './report.module.css'
import { ScoredText } from './scored-text.tsx'

const MORE = 10

/** Why there is nothing to mend any more; null = there is. */
export const mendedSince = (
  prompt: Pick<PreferencePrompt, 'rankings'> | undefined,
  since: string,
): string | null =>
  prompt?.rankings.some(({ createdAt }) => createdAt > since)
    ? 'Mended; counts from the next training on'
    : null

export function Disagreements({
  worst,
  first,
  since,
}: {
  worst: readonly Disagreement[]
  first: number
  /** When they were measured. */
  since: string
}) {
  const [shown, setShown] = useState(first)
  const sets = useQuery('preferences.list', {}).data
  const prompts = useQueries(
    'preferences.prompt',
    worst.slice(0, shown).map(({ set, number }) => ({ set, number })),
  )
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
            mended={mendedSince(prompts[i]?.data, since)}
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
  mended,
  gone,
}: {
  disagreement: Disagreement
  /** That its label was changed since. */
  mended: string | null
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
          {mended && `. ${mended}.`}
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
            onClick={() => openCard(set, number, labeler)}
          >
            {mended ? 'Look at it again' : 'Fix this label'}
          </Button>
        )}
      </Group>
    </li>
  )
}
