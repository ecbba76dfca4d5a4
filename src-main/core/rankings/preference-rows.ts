// A stored prompt as others see it: screens, and files of rows.
import type { PreferencePrompt, Simulation } from '../../../src-shared/contract/preferences-contract.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import type { StoredPrompt } from '../database/queries/preference-prompts.ts'

/** As screens see it. */
export const shownPrompt = (
  set: string,
  { key: _, isSampled: __, task: ___, ...prompt }: StoredPrompt,
): PreferencePrompt => ({ set, ...prompt })

/** With what it is known by in the workspace. @param simulations of the set, by labeler */
export function preferenceRowOf(
  set: string,
  { number, messages, responses, rankings, task }: StoredPrompt,
  simulations: ReadonlyMap<string, Simulation>,
): PreferenceRow {
  return {
    prompt: messages,
    responses,
    rankings: rankings.map(({ pairs, ...ranking }) => {
      const simulation = simulations.get(ranking.labeler)
      return { ...ranking, ...(pairs && { pairs }), ...(simulation && { simulation }) }
    }),
    ...(task !== null && { task }),
    set,
    number,
  }
}
