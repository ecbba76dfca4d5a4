// The contract's 'demonstrations.*': what a screen asks of the sets, and the jobs that fill them.
import type {
  DemonstrationPreview,
  demonstrationMethods,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { CoreContext } from '../context.ts'
import type { FileGrants } from '../files/file-grants.ts'
import { nameOfFiles, sizedFile } from '../row-files/file-task.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { importGenerated, importInto } from './demonstration-import.ts'
import type { Demonstrations } from './demonstrations.ts'
import type { DemonstrationsTask } from './demonstrations-worker.ts'
import { exportRows } from './export-rows.ts'
import { maskXray } from './mask-xray.ts'
import { runTask } from './run-task.ts'
import {
  STARTER_WORLD_DEMONSTRATIONS,
  starterWorldDemonstrations,
  starterWorldName,
} from './starter-world-demonstrations.ts'

export function demonstrationsHandlers(
  context: CoreContext,
  demonstrations: Demonstrations,
  files: FileGrants,
  tokenizers: Tokenizers,
): Handlers<typeof demonstrationMethods> {
  const { workspace, jobs } = context
  let lastPreview: Promise<unknown> = Promise.resolve()
  /** One worker at a time: a dialog asks for all of its files at once. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = lastPreview.then(act)
    lastPreview = mine.catch(() => {})
    return mine
  }
  const done = (act: () => void) => {
    act()
    return {}
  }
  return {
    'demonstrations.list': () => demonstrations.list(),
    'demonstrations.show': ({ set }) => demonstrations.show(set),
    'demonstrations.preview': ({ file, mapping }) => {
      const task: DemonstrationsTask = {
        task: 'preview',
        file: sizedFile(files.resolve([file])[0]!),
        mapping,
      }
      return inTurn(() => runTask<DemonstrationPreview>(task))
    },
    'demonstrations.import': ({ name, into, files: given }) => {
      if (name !== undefined && into !== undefined)
        throw new LabError({
          code: 'bad-input',
          what: 'both a name for a new set and a set to add to are given',
          fix: 'give one of the two',
        })
      const ids = given.map(({ file }) => file)
      const mapped = files.resolve(ids).map((file, i) => ({ ...sizedFile(file), mapping: given[i]!.mapping }))
      const title = into === undefined ? (name ?? nameOfFiles(mapped)) : demonstrations.show(into).name
      const { id } = jobs.start('demonstrations-import', `Importing ${title}`, async job => {
        try {
          return await demonstrations.whileImporting({ into, name: title, kind: 'imported' }, target =>
            importInto(workspace.db, target, mapped, job),
          )
        } finally {
          files.release(ids)
        }
      })
      return { job: id }
    },
    'demonstrations.create': ({ name }) => ({ set: demonstrations.create(name) }),
    'demonstrations.rename': ({ set, name }) => done(() => demonstrations.rename(set, name)),
    'demonstrations.remove': ({ set }) => done(() => demonstrations.remove(set)),
    'demonstrations.restore': ({ set }) => done(() => demonstrations.restore(set)),
    'demonstrations.rows': ({ set, ...page }) => demonstrations.page(set, page),
    'demonstrations.add': ({ set, ...row }) => ({ number: demonstrations.add(set, row) }),
    'demonstrations.edit': ({ set, number, ...change }) =>
      done(() => demonstrations.edit(set, number, change)),
    'demonstrations.tag': ({ set, numbers, ...change }) =>
      done(() => demonstrations.change(set, numbers, change)),
    'demonstrations.removeRows': ({ set, numbers }) => done(() => demonstrations.removeRows(set, numbers)),
    'demonstrations.restoreRows': ({ set, numbers }) => done(() => demonstrations.restoreRows(set, numbers)),
    'demonstrations.rejections': ({ set, ...page }) => demonstrations.rejections(set, page),
    'demonstrations.export': ({ set }) =>
      exportRows(workspace, demonstrations.show(set), demonstrations.rows(set)),
    'demonstrations.xray': ({ messages, ...of }) => maskXray(context, tokenizers, messages, of),
    'demonstrations.fromStarterWorld': ({ seed, rows: total = STARTER_WORLD_DEMONSTRATIONS }) => {
      const name = starterWorldName(seed)
      const { id } = jobs.start('starter-world', `Writing the demonstrations of starter world ${seed}`, job =>
        demonstrations.whileImporting({ name, kind: 'starter-world' }, target => {
          const rows = starterWorldDemonstrations(seed, total)
          return importGenerated(workspace.db, target, { name, rows, total }, job)
        }),
      )
      return { job: id }
    },
  }
}
