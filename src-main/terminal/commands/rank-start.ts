// rank start: the ranking bench in the terminal.
import { LABELER, ownName } from '../../../src-shared/preferences/labeler-name.ts'
import type { TerminalCommand } from '../command.ts'
import { keysOf } from '../ranking/keys.ts'
import { type RankingScreen, rankByKeys } from '../ranking/rank-by-keys.ts'
import type { Session } from '../session.ts'
import { counted } from '../text.ts'
import { findPreferences } from './rank.ts'

export const rankStart: TerminalCommand<{ labeler?: string }> = {
  name: 'rank start',
  summary: 'rank the answers of a set by keys; every ranking is kept at once',
  engine: () => 'none',
  declare: command =>
    void command
      .argument('<set>', 'id or name')
      .option('--labeler <name>', 'who ranks; by default the name in the settings, else "me"'),
  async run(session, [given], { labeler: named }) {
    const { id, name, prompts, sampled } = await findPreferences(session, given!)
    const labeler = named ?? ownName((await session.call('settings.all', {}))[LABELER])
    const state = await session.call('ranking.state', { set: id, labeler })
    const missing = prompts - sampled
    if (missing > 0)
      session.progress.note(
        `${counted(missing, 'prompt')} of ${name} have no answers yet: sample them with andromeda rank sample ${id}`,
      )
    const result = await rankByKeys(
      session,
      { set: id, labeler, state },
      keysOf(process.stdin),
      screen(session),
    )
    const { ranked, skipped, allBad, undone } = result.counts
    const { done, total } = result.state
    return {
      json: { set: id, labeler, ranked, skipped, allBad, undone, done, total },
      text: [
        `Ranked ${ranked}, skipped ${skipped}, all bad ${allBad}${undone > 0 ? `, taken back ${undone}` : ''}.`,
        done < total
          ? `${total - done} of ${total} are left: go on with andromeda rank start ${id}`
          : total === 0
            ? 'There is nothing to rank in it: every prompt needs two different answers.'
            : `All ${total} are ranked. Learn from them with andromeda reward --rankings ${id}`,
      ].join('\n'),
    }
  },
}

/** Cards on stderr, so that stdout holds the result alone. */
const screen = ({ progress }: Session): RankingScreen => ({
  show: text => progress.note(text),
  entry: text => progress.typed(`> ${text}`),
})
