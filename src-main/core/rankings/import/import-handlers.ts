// Of the contract's 'preferences.*' what reads files: a look at one, and the job that imports them.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { Handlers } from '../../../../src-shared/contract/method.ts'
import type {
  PreferenceImport,
  PreferencePreview,
  preferenceMethods,
} from '../../../../src-shared/contract/preferences-contract.ts'
import type { CoreContext } from '../../context.ts'
import type { FileGrants } from '../../files/file-grants.ts'
import { nameOfFiles, sizedFile } from '../../row-files/file-task.ts'
import type { Preferences } from '../preferences.ts'
import { importInto } from './preference-import.ts'
import { runTask } from './run-task.ts'

type ImportMethods = Pick<
  typeof preferenceMethods,
  'preferences.preview' | 'preferences.import' | 'preferences.rejections'
>

export function preferenceImportHandlers(
  { workspace, jobs }: CoreContext,
  preferences: Preferences,
  files: FileGrants,
): Handlers<ImportMethods> {
  let lastPreview: Promise<unknown> = Promise.resolve()
  /** One worker at a time: a dialog asks for all of its files at once. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = lastPreview.then(act)
    lastPreview = mine.catch(() => {})
    return mine
  }
  return {
    'preferences.preview': ({ file }) => {
      const sized = sizedFile(files.resolve([file])[0]!)
      return inTurn(() => runTask<PreferencePreview>({ task: 'preview', file: sized }))
    },
    'preferences.import': ({ name, into, files: ids }) => {
      if (name !== undefined && into !== undefined)
        throw new LabError({
          code: 'bad-input',
          what: 'both a name for a new set and a set to add to are given',
          fix: 'give one of the two',
        })
      if (into !== undefined) preferences.own(into)
      const sized = files.resolve(ids).map(sizedFile)
      const title = into === undefined ? (name ?? nameOfFiles(sized)) : preferences.present(into).name
      const { id } = jobs.start(
        'preferences-import',
        `Importing ${title}`,
        async (job): Promise<PreferenceImport> => {
          try {
            const imported = await preferences.whileImporting(
              { into, name: title, kind: 'imported' },
              target => importInto(workspace.db, target, sized, job),
            )
            return { ...imported, contradictions: (await preferences.show(imported.set)).contradictions }
          } finally {
            files.release(ids)
          }
        },
      )
      return { job: id }
    },
    'preferences.rejections': ({ set, ...page }) => preferences.rejections(set, page),
  }
}
