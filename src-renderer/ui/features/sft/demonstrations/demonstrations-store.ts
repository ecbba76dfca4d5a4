// What is open on the Demonstrations view: which set, which row is being written, what the last import said. It outlives
// switching tabs.
import { create } from 'zustand'
import type {
  DemonstrationImport,
  DemonstrationRow,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { toastUndo } from '../../../components/toast.tsx'
import { formatCount } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { draftOf, newDraft, type RowDraft, rowName, sameDraft } from './row-draft.ts'

export interface RowFilter {
  readonly search: string
  /** '' = every one. */
  readonly useCase: string
  readonly tag: string
}
export const everyRow: RowFilter = { search: '', useCase: '', tag: '' }

interface DemonstrationsState {
  /** null = the newest. */
  readonly set: string | null
  readonly filter: RowFilter
  readonly draft: RowDraft | null
  /** The draft as it was opened. */
  readonly opened: RowDraft | null
  readonly lastImport: DemonstrationImport | null
}

export const useDemonstrations = create<DemonstrationsState>(() => ({
  set: null,
  filter: everyRow,
  draft: null,
  opened: null,
  lastImport: null,
}))
const { getState, setState } = useDemonstrations

export function chooseSet(set: string | null): void {
  closeDraft()
  setState({ set, filter: everyRow })
}
export const setFilter = (change: Partial<RowFilter>): void =>
  setState(now => ({ filter: { ...now.filter, ...change } }))

function openDraft(draft: RowDraft): void {
  closeDraft()
  setState({ draft, opened: draft })
}
export const openRow = (set: string, row: DemonstrationRow): void => openDraft(draftOf(set, row))
export const openNewRow = (set: string): void => openDraft(newDraft(set))
export const changeDraft = (change: Partial<RowDraft>): void =>
  setState(now => (now.draft ? { draft: { ...now.draft, ...change } } : {}))

/** Closes the editor; what was typed and not saved can be brought back. */
export function closeDraft(): void {
  const { draft, opened } = getState()
  setState({ draft: null, opened: null })
  if (!draft || !opened || sameDraft(draft, opened)) return
  const what = draft.number === null ? 'The new row was' : `Changes to row ${rowName(draft.number)} were`
  toastUndo(`${what} not saved.`, async () => setState({ set: draft.set, draft, opened }))
}

/** Called once the core has the draft: nothing of it is unsaved. */
export function draftSaved(saved: RowDraft): void {
  // A new row makes room for the next one.
  const next = saved.number === null ? newDraft(saved.set) : saved
  if (getState().draft === saved) setState({ draft: next, opened: next })
}

/** Row numbers that one call takes. */
const MOST_ROWS = 100_000

/** As many calls as it takes, one after the other. */
export async function inParts(
  numbers: readonly number[],
  act: (part: number[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < numbers.length; from += MOST_ROWS)
    await act(numbers.slice(from, from + MOST_ROWS))
}

export async function removeRows(set: string, numbers: readonly number[]): Promise<void> {
  await inParts(numbers, part => call('demonstrations.removeRows', { set, numbers: part }))
  if (numbers.includes(getState().draft?.number ?? -1)) setState({ draft: null, opened: null })
  const what = numbers.length === 1 ? `row ${rowName(numbers[0]!)}` : `${formatCount(numbers.length)} rows`
  toastUndo(`Deleted ${what}.`, () =>
    inParts(numbers, part => call('demonstrations.restoreRows', { set, numbers: part })),
  )
}
