// The demonstrations: sets of prompts with the response that is wanted, imported, written or taken from the starter world.
import { Box, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { useApp } from '../../../app-state.ts'
import { PairsRuler } from '../../../charts/pairs-ruler.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { useQuery } from '../../../queries.ts'
import {
  AddDemonstrations,
  NewSetDialog,
  pickDemonstrations,
  useStarterDemonstrations,
} from './add-demonstrations.tsx'
import { chooseSet, useDemonstrations } from './demonstrations-store.ts'
import { ImportDemonstrations } from './import-dialog.tsx'
import { prepareImport } from './import-store.ts'
import { SetDetail } from './set-detail.tsx'
import { SetsTable } from './sets-table.tsx'

const none: readonly never[] = []

export function DemonstrationsView() {
  const { data, error, refetch } = useQuery('demonstrations.list', {})
  const wanted = useDemonstrations(state => state.set)
  const given = useApp(state => state.demonstrationFiles)
  useEffect(() => {
    if (!given) return
    useApp.setState({ demonstrationFiles: null })
    void prepareImport(given)
  }, [given])
  const live = (data ?? none)
    .filter(set => set.removedAt === null)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const chosen = live.find(set => set.id === wanted) ?? live[0]
  return (
    <>
      {error && !data && (
        <Box p="md">
          <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
        </Box>
      )}
      {data && (chosen ? <Sets sets={live} chosen={chosen} /> : <NoDemonstrations />)}
      <ImportDemonstrations sets={live} />
    </>
  )
}

function Sets({ sets, chosen }: { sets: readonly DemonstrationSet[]; chosen: DemonstrationSet }) {
  const all = sets.reduce((sum, set) => sum + set.rows, 0)
  return (
    <Stack p="md" gap="md">
      <AddDemonstrations />
      <SetsTable sets={sets} chosen={chosen.id} onChoose={chooseSet} />
      <SetDetail key={chosen.id} set={chosen} />
      <div>
        <Text fz="xs" c="dimmed" fw={600} mb={4}>
          Scale: pairs of prompt and response, on a logarithmic axis
        </Text>
        <PairsRuler
          marks={[
            { label: 'This set', pairs: chosen.rows },
            ...(sets.length > 1 ? [{ label: 'All sets', pairs: all }] : []),
          ]}
        />
      </div>
    </Stack>
  )
}

function NoDemonstrations() {
  const [writing, setWriting] = useState(false)
  const starter = useStarterDemonstrations()
  return (
    <Stack p="md" gap="sm" align="center">
      <EmptyState
        title="No demonstrations yet"
        action={{ label: 'Import files …', run: () => pickDemonstrations() }}
        second={{ label: 'Write your own …', run: () => setWriting(true) }}
      >
        A demonstration is a prompt and the response a person wants to it. From some thousand of them a base
        model learns to answer. Drop a JSONL, JSON, CSV, TSV or Parquet file anywhere in this window; TRL,
        OpenAI, ShareGPT and Alpaca files are recognised.
      </EmptyState>
      <Text fz="sm" c="dimmed">
        For a base model of the starter world:{' '}
        <Text
          component="button"
          type="button"
          fz="sm"
          td="underline"
          disabled={starter.busy}
          onClick={() => void starter.run()}
          style={{ background: 'none', border: 0, cursor: 'pointer', color: 'inherit', padding: 0 }}
        >
          take its demonstrations
        </Text>
        , in the ten use cases of InstructGPT.
      </Text>
      <ErrorNote error={starter.error} onClose={starter.clear} />
      <NewSetDialog opened={writing} onClose={() => setWriting(false)} />
    </Stack>
  )
}
