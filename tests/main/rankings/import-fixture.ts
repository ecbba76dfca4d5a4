// Reads made-up files of comparisons in this thread, and imports them into a workspace.
import { labelersOf } from '../../../src-main/core/database/queries/preference-import.ts'
import { type ImportedComparison, importFiles } from '../../../src-main/core/rankings/import/import-files.ts'
import { preferenceImportHandlers } from '../../../src-main/core/rankings/import/import-handlers.ts'
import { PreferenceImporter } from '../../../src-main/core/rankings/import/preference-import.ts'
import { previewFile } from '../../../src-main/core/rankings/import/preview.ts'
import { Preferences } from '../../../src-main/core/rankings/preferences.ts'
import type { ReadFiles } from '../../../src-main/core/row-files/files-in-turn.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import {
  type PreferenceImport,
  type PreferencePreview,
  preferenceImport,
  preferenceMethods,
} from '../../../src-shared/contract/preferences-contract.ts'
import { onDisk } from '../row-files/made-up-rows.ts'
import { openContext, windowCaller } from '../workspace/open-context.ts'

export interface ReadComparisons extends ReadFiles {
  readonly rows: ImportedComparison[]
}

/** Reads one file, without a database. */
export async function readComparisons(name: string, content: string | Uint8Array): Promise<ReadComparisons> {
  const rows: ImportedComparison[] = []
  const read = await importFiles(
    [onDisk(name, content)],
    [],
    batch => rows.push(...batch),
    () => {},
  )
  return { ...read, rows }
}

export const previewComparisons = (name: string, content: string | Uint8Array): Promise<PreferencePreview> =>
  previewFile(onDisk(name, content))

export const user = (content: string) => ({ role: 'user' as const, content })
export const assistant = (content: string) => ({ role: 'assistant' as const, content })
export const system = (content: string) => ({ role: 'system' as const, content })

/** `user: q | good > bad`, for short expectations; `=` between equals, what is left out in brackets. */
export function asText({
  messages,
  responses,
  rankings,
}: {
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly responses: readonly { readonly text: string }[]
  readonly rankings: readonly { readonly ranks: readonly (number | null)[] }[]
}): string {
  const orders = rankings.map(({ ranks }) => {
    const levels = [...new Set(ranks.filter(rank => rank !== null))].sort((a, b) => a - b)
    const at = (level: number | null) =>
      responses.filter((_, i) => ranks[i] === level).map(({ text }) => text)
    const left = at(null)
    return [
      levels.map(level => at(level).join(' = ')).join(' > '),
      ...(left.length > 0 ? [`(${left.join(', ')})`] : []),
    ].join(' ')
  })
  return [messages.map(({ role, content }) => `${role}: ${content}`).join(' / '), ...orders].join(' | ')
}

/** A workspace with its preferences, as the lab opens it. @param given where the workspace is, to open one again */
export function openPreferences(given?: string) {
  const { root, workspace, jobs, statuses, changes, context, files, file } = openContext(given)
  const preferences = new Preferences(context)
  const call = windowCaller(preferenceMethods, preferenceImportHandlers(context, preferences, files))

  /** Starts an import; `content` by name. */
  async function start(
    contents: Record<string, string | Uint8Array>,
    target: { name?: string; into?: string } = {},
  ): Promise<string> {
    const given = Object.entries(contents).map(([name, content]) => file(name, content))
    return (await call('preferences.import', { ...target, files: given })).job
  }
  const importAll = async (...given: Parameters<typeof start>): Promise<PreferenceImport> =>
    checked(preferenceImport, await jobs.wait(await start(...given)), 'preferences.import')
  /** The same without a worker, for many small ones. */
  const importHere = (content: string, into?: string) =>
    preferences.whileImporting({ into, name: 'here', kind: 'imported' }, async target => {
      const control = { signal: new AbortController().signal, progress: () => {} }
      const importer = await PreferenceImporter.begin(workspace.db, target, control)
      const take = (rows: ImportedComparison[]) => void importer.take(rows, () => 'a.jsonl')
      const labelers = target.isNew ? [] : labelersOf(workspace.db, target.set.id)
      const read = await importFiles([onDisk('a.jsonl', content)], labelers, take, () => {})
      return importer.end({ ...read, files: [] })
    })
  /** All prompts of a set, in short. */
  const told = (set: string): string[] => [...preferences.prompts(set)].map(asText)
  return {
    root,
    workspace,
    jobs,
    statuses,
    changes,
    preferences,
    call,
    file,
    start,
    importAll,
    importHere,
    told,
  }
}
