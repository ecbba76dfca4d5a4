// The contract's 'preferences.*' but for the import, and 'ranking.*': what a screen asks of sets and of the bench, and the
// jobs that fill them.

import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { preferenceMethods } from '../../../src-shared/contract/preferences-contract.ts'
import type { FileGrants } from '../files/file-grants.ts'
import type { QuestionBatches } from '../generation/question-batches.ts'
import { sizedFile } from '../row-files/file-task.ts'
import { type BenchParts, createBench } from './bench-sets.ts'
import { exportPreferences } from './export-preferences.ts'
import { shownPrompt } from './preference-rows.ts'
import type { Preferences } from './preferences.ts'
import { RankingBench } from './ranking-bench.ts'
import { Sampling } from './sampling.ts'
import { simulatedName, simulateLabeler } from './simulated-labeler.ts'

type RankingMethods = Omit<
  typeof preferenceMethods,
  'preferences.preview' | 'preferences.import' | 'preferences.rejections'
>

export function rankingsHandlers(
  parts: Omit<BenchParts, 'filesOf'>,
  preferences: Preferences,
  files: FileGrants,
  questions: Pick<QuestionBatches, 'ask'>,
): Handlers<RankingMethods> {
  const { context } = parts
  const { workspace, jobs } = context
  const sampling = new Sampling(context, preferences, questions)
  const bench = new RankingBench(workspace.db, preferences, sampling)
  const filesOf: BenchParts['filesOf'] = ids => files.resolve(ids).map(sizedFile)
  const done = (act: () => void) => {
    act()
    return {}
  }
  return {
    'preferences.list': () => preferences.list(),
    'preferences.show': ({ set }) => preferences.show(set),
    'preferences.rename': ({ set, name }) => done(() => preferences.rename(set, name)),
    'preferences.remove': ({ set }) =>
      done(() => {
        preferences.remove(set)
        sampling.cancel(set)
      }),
    'preferences.restore': ({ set }) => done(() => preferences.restore(set)),
    'preferences.prompts': ({ set, ...page }) => preferences.page(set, page),
    'preferences.prompt': ({ set, number }) => shownPrompt(set, preferences.prompt(set, number)),
    'preferences.removePrompts': ({ set, numbers }) => done(() => preferences.removePrompts(set, numbers)),
    'preferences.restorePrompts': ({ set, numbers }) => done(() => preferences.restorePrompts(set, numbers)),
    'preferences.agreement': ({ sets }) => preferences.agreement(sets),
    'preferences.export': ({ sets, format }) => {
      const distinct = [...new Set(sets)]
      const names = distinct.map(set => preferences.present(set).name)
      return exportPreferences(workspace, names, preferences.rowsOf(distinct), format)
    },
    async 'ranking.create'(request) {
      const set = await createBench({ ...parts, filesOf }, request)
      preferences.changed(set)
      if (request.prompts.from === 'files') files.release(request.prompts.files)
      return { set, job: sampling.start(set) }
    },
    'ranking.sample': ({ set }) => ({ job: sampling.start(set) }),
    'ranking.state': ({ set, labeler }) => bench.state(set, labeler),
    'ranking.rank': ranking => bench.rank(ranking),
    'ranking.undo': ({ set, labeler }) => bench.undo(set, labeler),
    'ranking.putBack': ranking => done(() => bench.putBack(ranking)),
    'ranking.card': ({ set, number, labeler, from }) => bench.card(set, number, labeler, from),
    'ranking.simulate': ({ set, ...simulation }) => {
      preferences.own(set)
      const { name } = preferences.present(set)
      const title = `Ranking ${name}: ${simulatedName(simulation)}`
      const { id } = jobs.start('ranking-simulate', title, job =>
        simulateLabeler(context, preferences, set, simulation, job),
      )
      return { job: id }
    },
  }
}
