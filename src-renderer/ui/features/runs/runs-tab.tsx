// Every run: find, compare, open. One run in full when one is open.
import { useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { Screen } from '../../components/panel.tsx'
import { useQuery } from '../../queries.ts'
import { RunDetail } from './run-detail.tsx'
import { RunOverlay } from './run-overlay.tsx'
import { RunsTable } from './runs-table.tsx'

export function RunsTab() {
  const { data: runs, error, refetch } = useQuery('runs.list', {})
  const { openRun, overlay, showRun, newRun } = useApp()
  if (!runs) return <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
  const open = runs.find(run => run.id === openRun)
  if (open) return <RunDetail run={open} onBack={() => showRun(null)} />
  const kept = runs.filter(run => run.removedAt === null)
  const compared = overlay.flatMap(id => kept.find(run => run.id === id) ?? [])
  return (
    <Screen title="Runs">
      <ErrorNote error={error} />
      {runs.length === 0 ? (
        <EmptyState title="No runs yet" action={{ label: 'New run', run: newRun }}>
          A run is one training, from its first step to its last: its curves, its samples, its checkpoints and
          what it was made from.
        </EmptyState>
      ) : (
        <RunsTable runs={runs} />
      )}
      {compared.length > 0 && <RunOverlay runs={compared} />}
    </Screen>
  )
}
