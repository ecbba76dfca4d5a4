// Sets as a file that others read: our own rows, whole, with every ranking; or TRL's preference format, a decided pair a
// line.
import type { PreferenceSet } from '../../../src-shared/contract/preferences-contract.ts'
import { latestJudgements } from '../../../src-shared/preferences/agreement.ts'
import { judgementsOfRow, type PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { pairsOf } from '../../../src-shared/preferences/ranked-pairs.ts'
import { writeExport } from '../workspace/export-file.ts'
import type { Workspace } from '../workspace/workspace.ts'

export type ExportFormat = 'rankings' | 'trl'

/**
 * @param names of the sets: the file is called after them
 * @throws LabError `no-space` and what else the disk refuses; nothing is left then
 */
export async function exportPreferences(
  workspace: Workspace,
  names: readonly PreferenceSet['name'][],
  rows: Iterable<PreferenceRow>,
  format: ExportFormat,
): Promise<{ path: string; lines: number }> {
  let lines = 0
  function* pieces() {
    for (const row of rows)
      for (const line of linesOf[format](row)) {
        lines++
        yield `${JSON.stringify(line)}\n`
      }
  }
  const title = names.length === 1 ? names[0]! : `${names[0]} and ${names.length - 1} more`
  const { path } = await writeExport(workspace, title, 'jsonl', pieces())
  return { path, lines }
}

const linesOf: Readonly<Record<ExportFormat, (row: PreferenceRow) => object[]>> = {
  rankings: ({ set: _, number: __, ...row }) => [row],
  trl: trlPairs,
}

/** The latest ranking of each labeler, as TRL's RewardTrainer and DPOTrainer read it. */
function trlPairs({ prompt, responses, rankings }: PreferenceRow): object[] {
  const answer = (index: number) => [{ role: 'assistant', content: responses[index]!.text }]
  return latestJudgements(judgementsOfRow({ rankings })).flatMap(judgement =>
    pairsOf(judgement).pairs.map(([winner, loser]) => ({
      prompt,
      chosen: answer(winner),
      rejected: answer(loser),
    })),
  )
}
