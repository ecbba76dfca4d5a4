// The rankings: sets of prompts with their ranked answers, from the bench, the chat's votes and files.
import { Box, Button, Group, Stack, Text } from '@mantine/core'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { ComparisonsRuler } from '../../../charts/comparisons-ruler.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { pickFiles } from '../../../import-drop.ts'
import { useQuery } from '../../../queries.ts'
import { prepareImport } from './import-store.ts'
import { chooseSet, openNewBench, usePreferences } from './preferences-store.ts'
import { SetDetail } from './set-detail.tsx'
import { inListOrder } from './set-words.ts'
import { type Selection, SetsTable } from './sets-table.tsx'

const pickPreferences = (): void =>
  void pickFiles().then(files => {
    if (files.length > 0) void prepareImport(files)
  })

export function PreferencesView(selection: Selection) {
  const { data, error, refetch } = useQuery('preferences.list', {})
  const wanted = usePreferences(state => state.set)
  const live = inListOrder(data ?? [])
  // The chat's votes are always listed: without any they are nothing to look at.
  const worth = live.filter(set => set.kind !== 'chat' || set.prompts > 0)
  const chosen = live.find(set => set.id === wanted) ?? worth.find(set => set.kind !== 'chat') ?? worth[0]
  return (
    <>
      {error && !data && (
        <Box p="md">
          <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
        </Box>
      )}
      {data &&
        (chosen && worth.length > 0 ? (
          <Sets {...selection} sets={live} chosen={chosen} />
        ) : (
          <NoPreferences />
        ))}
    </>
  )
}

function Sets({
  sets,
  chosen,
  ...selection
}: Selection & { sets: readonly PreferenceSet[]; chosen: PreferenceSet }) {
  const all = sets.reduce((sum, set) => sum + set.pairs, 0)
  return (
    <Stack p="md" gap="md">
      <Group gap="xs">
        <Button color="amber" onClick={() => openNewBench()}>
          Sample and rank …
        </Button>
        <Button variant="default" onClick={pickPreferences}>
          Import files …
        </Button>
        <Text fz="xs" c="dimmed">
          or drop comparisons anywhere in the window: TRL, HH-RLHF, rankings exported elsewhere; .jsonl,
          .jsonl.gz, .json, .csv, .parquet
        </Text>
      </Group>
      <SetsTable {...selection} sets={sets} chosen={chosen.id} onChoose={chooseSet} />
      <SetDetail key={chosen.id} set={chosen} />
      <div>
        <Text fz="xs" c="dimmed" fw={600} mb={4}>
          Scale: comparisons of two answers, on a logarithmic axis
        </Text>
        <ComparisonsRuler
          marks={[
            { label: 'This set', pairs: chosen.pairs },
            ...(sets.filter(set => set.pairs > 0).length > 1 ? [{ label: 'All sets', pairs: all }] : []),
          ]}
        />
      </div>
    </Stack>
  )
}

function NoPreferences() {
  return (
    <EmptyState
      title="No rankings yet"
      action={{ label: 'Sample and rank …', run: () => openNewBench() }}
      second={{ label: 'Import files …', run: pickPreferences }}
    >
      Your fine-tuned model answers each prompt several times; you say which answer is better. That is easier
      than writing the answer yourself, and a model can learn your taste from it. Votes of the Chat tab count
      too, and so do comparisons from files: drop TRL, HH-RLHF or exported rankings anywhere in this window.
    </EmptyState>
  )
}
