// Sets as a file that others read: our own rows, whole, with every ranking; or TRL's preference format, a decided pair a
// line.
import type { PreferenceSet } from '../../../src-shared/contract/preferences-contract.ts'
import { countingRankings, type PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { pairsOf } from '../../../src-shared/preferences/ranked-pairs.ts'
import { nameOf, writeExport } from '../workspace/export-file.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** Of the sets' names in the file's, which ends with the format. */
const TITLE_CHARACTERS = 48

export type ExportFormat = 'rankings' | 'trl'

/**
 * @param names of the sets: the file is called after them and the format, `mine-rankings.jsonl`
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
  const { path } = await writeExport(
    workspace,
    `${nameOf(title).slice(0, TITLE_CHARACTERS).trim()}-${format}`,
    'jsonl',
    pieces(),
  )
  return { path, lines }
}

const linesOf: Readonly<Record<ExportFormat, (row: PreferenceRow) => object[]>> = {
  rankings: ({ set: _, number: __, ...row }) => [row],
  trl: trlPairs,
}

/** What is learnt from, as TRL's RewardTrainer and DPOTrainer read it. */
function trlPairs({ prompt, responses, rankings }: PreferenceRow): object[] {
  const answer = (index: number) => [{ role: 'assistant', content: responses[index]!.text }]
  return countingRankings({ rankings }).flatMap(judgement =>
    pairsOf(judgement).pairs.map(([winner, loser]) => ({
      prompt,
      chosen: answer(winner),
      rejected: answer(loser),
    })),
  )
}
