// Of the recipe: the rankings to be trained on, ticked, and the doors to more of them.
import { Anchor, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useApp } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { formatCounted } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { openNewBench } from './preferences-store.ts'
import { inListOrder, isSimulated, nextStep, pairsText, standingOf } from './set-words.ts'
import { type Selection, toggled } from './sets-table.tsx'

export function PreferencesPart({ selected, onSelect }: Selection) {
  const { data, error, refetch } = useQuery('preferences.list', {})
  const { openBench, showReward } = useApp()
  // Votes that nobody cast are no choice.
  const live = inListOrder(data ?? []).filter(set => set.kind !== 'chat' || set.prompts > 0)
  const pairs = live.reduce((sum, set) => sum + (selected.includes(set.id) ? set.pairs : 0), 0)
  const ticked = live.filter(set => selected.includes(set.id)).length
  return (
    <Stack gap={6}>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      {data && live.length === 0 && (
        <Text fz="sm" c="dimmed">
          None yet. Sample answers of your fine-tuned model and rank them, let a simulated labeler do it, or
          drop a file of comparisons in this window.
        </Text>
      )}
      {live.map(set => (
        <div key={set.id}>
          <Checkbox
            color="amber"
            label={visible(set.name)}
            description={[
              pairsText(set),
              ...(isSimulated(set) ? ['simulated labeler'] : []),
              ...(nextStep(set) === null ? [] : [standingOf(set)]),
            ].join(' · ')}
            styles={{ label: { overflowWrap: 'anywhere' } }}
            checked={selected.includes(set.id)}
            onChange={event => onSelect(toggled(selected, set.id, event.currentTarget.checked))}
          />
          {nextStep(set) === 'rank' && (
            <Anchor
              component="button"
              type="button"
              fz="xs"
              ml={28}
              aria-label={`Rank on: ${visible(set.name)}`}
              onClick={() => openBench(set.id)}
            >
              Rank on
            </Anchor>
          )}
        </div>
      ))}
      {ticked > 1 && (
        <Text fz="xs" c="dimmed" className="tabular">
          {formatCounted(pairs, 'pair')} in all
        </Text>
      )}
      <Group gap="xs">
        <Button
          size="compact-sm"
          color="amber"
          variant={live.length === 0 ? 'filled' : 'default'}
          onClick={() => openNewBench()}
        >
          Sample and rank …
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => showReward('rankings')}>
          All rankings
        </Button>
      </Group>
    </Stack>
  )
}
