// The corpora: what was imported, what was refused and why, and every document as text and as tokens.
import { Box, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CorpusSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { useQuery } from '../../../queries.ts'
import { AddText, pickAndImport, useStarterWorld } from './add-text.tsx'
import { CorporaTable } from './corpora-table.tsx'
import { CorpusDetail } from './corpus-detail.tsx'

export function CorporaView() {
  const corpora = useQuery('corpora.list', {})
  const [wanted, setWanted] = useState<string | null>(null)
  const live = (corpora.data ?? [])
    .filter(c => c.removedAt === null)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const chosen: CorpusSummary | undefined = live.find(c => c.id === wanted) ?? live[0]
  if (corpora.error && !corpora.data)
    return (
      <Box p="md">
        <ErrorNote error={corpora.error} retry={{ label: 'Try again', run: corpora.refetch }} />
      </Box>
    )
  if (!corpora.data) return null
  if (!chosen) return <NoText />
  return (
    <Stack p="md" gap="md">
      <AddText />
      <CorporaTable corpora={live} chosen={chosen.id} onChoose={setWanted} />
      <CorpusDetail key={chosen.id} corpus={chosen} />
    </Stack>
  )
}

function NoText() {
  const starter = useStarterWorld()
  return (
    <>
      <EmptyState
        title="No text yet"
        action={{ label: 'Import files …', run: pickAndImport }}
        second={{ label: 'Make the starter world', run: () => void starter.run() }}
      >
        A base model is made of text: books, articles, chats, code. Drop files or folders anywhere in this
        window, or let the lab invent a small world to learn about.
      </EmptyState>
      <ErrorNote error={starter.error} onClose={starter.clear} />
    </>
  )
}
