// From files in hand to a corpus in the making, to demonstrations or rankings; the one way for the drop zone, the picker and the first-start door.

import { useApp } from './app-state.ts'
import { toastError } from './components/toast.tsx'
import { nameOfDrop } from './frame/drop-walk.ts'
import { type GivenFile, grantFiles } from './grant-files.ts'
import { call } from './lab.ts'

/** Starts the import and goes to where its result will stand. @returns the job, null when nothing was started */
export async function importFiles(given: readonly GivenFile[]): Promise<string | null> {
  if (given.length === 0) return null
  useApp.getState().show('pretrain')
  try {
    const files = await grantFiles(given)
    const { job } = await call('corpora.import', { name: nameOfDrop(given), files })
    return job
  } catch (error) {
    toastError(error)
    return null
  }
}

/** What a drop on the window becomes: demonstrations, rankings or prompts while their tab is open, a corpus everywhere else. */
export async function importDropped(given: readonly GivenFile[]): Promise<void> {
  const { tab, ppoView, importDemonstrations, importPreferences } = useApp.getState()
  if (tab === 'sft') importDemonstrations(given)
  else if (tab === 'reward') importPreferences(given)
  else if (tab === 'ppo' && ppoView === 'train') useApp.setState({ promptFiles: given })
  else await importFiles(given)
}

/** Opens the system's file picker; must be called from a click. */
export function pickFiles(): Promise<GivenFile[]> {
  const { promise, resolve } = Promise.withResolvers<GivenFile[]>()
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.addEventListener('change', () =>
    resolve([...(input.files ?? [])].map(file => ({ file, path: file.name }))),
  )
  input.addEventListener('cancel', () => resolve([]))
  input.click()
  return promise
}
