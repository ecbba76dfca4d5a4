// The dialogs of preferences, over whichever view of the tab is open: import, a new bench, a simulated labeler.
import { useEffect } from 'react'
import { useApp } from '../../../app-state.ts'
import { useQuery } from '../../../queries.ts'
import { ImportRankings } from './import-dialog.tsx'
import { prepareImport } from './import-store.ts'
import { NewBenchDialog } from './new-bench-dialog.tsx'
import { usePreferences } from './preferences-store.ts'
import { SimulateDialog } from './simulate-dialog.tsx'

const none: readonly never[] = []

export function PreferenceDialogs() {
  const sets = useQuery('preferences.list', {}).data ?? none
  const { newBench, simulate } = usePreferences()
  const given = useApp(state => state.preferenceFiles)
  useEffect(() => {
    if (!given) return
    useApp.setState({ preferenceFiles: null })
    // Over the dialog of a new bench, files are prompts.
    if (usePreferences.getState().newBench) usePreferences.setState({ promptFiles: given })
    else void prepareImport(given)
  }, [given])
  return (
    <>
      <ImportRankings sets={sets} />
      {newBench && <NewBenchDialog like={newBench.like} />}
      {simulate !== null && <SimulateDialog set={sets.find(set => set.id === simulate)} />}
    </>
  )
}
