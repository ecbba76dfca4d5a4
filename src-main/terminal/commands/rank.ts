// rank list | show | import | preview | export | remove: sets of prompts whose answers are ranked.
import { resolve } from 'node:path'
import { Option } from 'commander'
import type {
  PreferenceImport,
  PreferencePrompt,
  PreferenceSet,
} from '../../../src-shared/contract/preferences-contract.ts'
import { type TerminalCommand, UsageError } from '../command.ts'
import { findNamed } from '../find.ts'
import { importOutput, rejectionLines } from '../import-output.ts'
import { moveTo, refuseUnwritable } from '../out-file.ts'
import { ranksText } from '../ranking/ranking-entry.ts'
import type { Session } from '../session.ts'
import { counted, escapeControls, excerpt, fields, table } from '../text.ts'

const FILES =
  '.jsonl .json .csv .tsv .parquet, .gz and .zst of the text ones: TRL preference, HH-RLHF, rankings exported here'
const SHOWN_PROMPTS = 5

export const rankList: TerminalCommand = {
  name: 'rank list',
  summary: 'the sets of rankings of the workspace, and the votes of the chat',
  engine: () => 'none',
  declare: () => {},
  async run(session) {
    const sets = (await session.call('preferences.list', {})).filter(({ removedAt }) => !removedAt)
    return {
      json: { sets },
      text: [
        table(
          ['set', 'name', 'prompts', 'sampled', 'ranked', 'pairs', 'labelers'],
          sets.map(set => [
            set.id,
            set.name,
            set.prompts,
            set.sampled,
            set.ranked,
            set.pairs,
            set.labelers.length,
          ]),
          '',
        ),
        ...(sets.some(({ kind }) => kind !== 'chat')
          ? []
          : ['No set yet. Make one with: andromeda rank create, or andromeda rank import FILE…']),
      ].join('\n'),
    }
  },
}

export const rankShow: TerminalCommand = {
  name: 'rank show',
  summary: 'what one set holds, who ranked it, and its first prompts',
  engine: () => 'none',
  declare: command => void command.argument('<set>', 'id or name'),
  async run(session, [given]) {
    const set = await findPreferences(session, given!)
    const page = { offset: 0, limit: SHOWN_PROMPTS }
    const { rows } = await session.call('preferences.prompts', { set: set.id, ...page })
    return {
      json: { ...set, firstPrompts: rows },
      text: [
        setFields(set),
        '',
        table(
          ['labeler', 'rankings', 'simulated'],
          set.labelers.map(({ labeler, rankings, simulation }) => [
            labeler,
            rankings,
            simulation && `${simulation.policy}, noise ${simulation.noise}, seed ${simulation.seed}`,
          ]),
          'nobody has ranked it yet',
        ),
        '',
        table(
          ['prompt', 'asks', 'responses', 'best to worst'],
          // As the screen numbers them: from 1.
          rows.map(row => [
            row.number + 1,
            excerpt(row.messages.at(-1)?.content),
            row.responses.length,
            saidOf(row),
          ]),
          'no prompts yet',
        ),
        ...set.files.map(({ file, format, rows }) =>
          escapeControls(`\n${file}: ${format}, ${counted(rows, 'row')}`),
        ),
        ...set.notes.map(note => `\n${escapeControls(note)}`),
      ].join('\n'),
    }
  },
}

export const rankImport: TerminalCommand<{ name?: string; into?: string }> = {
  name: 'rank import',
  summary: 'import comparisons: TRL chosen/rejected, HH-RLHF transcripts, rankings',
  engine: () => 'none',
  declare: command =>
    void command
      .argument('<files...>', FILES)
      .option('--name <name>', 'what the new set is called')
      .option('--into <set>', 'add to this set, by id or name: its prompts get the rankings of others'),
  async run(session, files, { name, into }) {
    if (name !== undefined && into !== undefined)
      throw new UsageError('--name is for a new set: give it or --into, not both')
    const result = await session.job<PreferenceImport>('preferences.import', {
      files: files.map(file => session.lab.grantPath(resolve(file))),
      ...(name === undefined ? {} : { name }),
      ...(into === undefined ? {} : { into: (await findPreferences(session, into)).id }),
    })
    return importOutput(result, await session.call('preferences.show', { set: result.set }))
  },
}

export const rankPreview: TerminalCommand = {
  name: 'rank preview',
  summary: 'what the first rows of a file would become',
  engine: () => 'none',
  declare: command => void command.argument('<file>', FILES),
  async run(session, [file]) {
    const preview = await session.call('preferences.preview', {
      file: session.lab.grantPath(resolve(file!)),
    })
    return {
      json: preview,
      text: [
        fields([
          ['file', preview.file],
          ['format', preview.formatTitle],
        ]),
        '',
        table(
          ['line', 'messages', 'asks', 'best', 'worst'],
          preview.rows.map(({ line, messages, responses }) => {
            const ranked = responses.filter(({ rank }) => rank !== null).sort((a, b) => a.rank! - b.rank!)
            return [
              line,
              messages.length,
              excerpt(messages.at(-1)?.content),
              excerpt(ranked[0]?.text),
              excerpt(ranked.at(-1)?.text),
            ]
          }),
          'no row could be used',
        ),
        ...rejectionLines(preview.rejections),
      ].join('\n'),
      ...(preview.problem === null
        ? {}
        : { failure: `nothing of ${preview.file} could be used: ${preview.problem}` }),
    }
  },
}

export const rankExport: TerminalCommand<{ format: 'rankings' | 'trl'; out?: string }> = {
  name: 'rank export',
  summary: 'write sets as JSON lines: whole rankings, or pairs for TRL',
  engine: () => 'none',
  declare: command =>
    void command
      .argument('<sets...>', 'ids or names')
      .addOption(
        new Option('--format <format>', 'rankings can be imported again; trl is what TRL reads')
          .choices(['rankings', 'trl'])
          .default('rankings'),
      )
      .option('--out <file>', 'where to; by default a new file in the exports of the workspace'),
  async run(session, given, { format, out }) {
    const sets = await findAllPreferences(session, given)
    if (out !== undefined) refuseUnwritable(out)
    const { path: written, lines } = await session.call('preferences.export', { sets, format })
    const path = out === undefined ? written : resolve(out)
    if (path !== written) moveTo(path, written)
    return {
      json: { sets, format, path, lines },
      text: escapeControls(`Wrote ${counted(lines, 'line')} to ${path}`),
    }
  },
}

export const rankRemove: TerminalCommand = {
  name: 'rank remove',
  summary: 'remove a set; runs that were trained on it keep their copy',
  engine: () => 'none',
  declare: command => void command.argument('<set>', 'id or name'),
  async run(session, [given]) {
    const { id, name } = await findPreferences(session, given!)
    await session.call('preferences.remove', { set: id })
    return { json: { set: id, removed: true }, text: escapeControls(`Removed ${name} (${id}).`) }
  },
}

const setFields = (set: PreferenceSet): string =>
  fields([
    ['set', set.id],
    ['name', set.name],
    ['answers of', set.bench?.checkpointName],
    ['prompts', set.prompts],
    ['sampled', set.sampled],
    ['ranked', set.ranked],
    ['skipped', set.skipped],
    ['all bad', set.allBad],
    ['pairs', set.pairs],
    ['ties', set.ties],
    ['contradictions', set.contradictions],
    ['duplicates', set.duplicates],
    ['rejected', set.rejected],
  ])

function saidOf({ rankings }: PreferencePrompt): string | null {
  const latest = rankings.at(-1)
  if (!latest) return null
  return latest.outcome === 'ranked' ? ranksText(latest.ranks) : latest.outcome.replace('-', ' ')
}

export const findPreferences = async (session: Session, given: string): Promise<PreferenceSet> =>
  findNamed(given, await session.call('preferences.list', {}), 'set of rankings', 'rank list')

export async function findAllPreferences(session: Session, given: readonly string[]): Promise<string[]> {
  const all = await session.call('preferences.list', {})
  return given.map(each => findNamed(each, all, 'set of rankings', 'rank list').id)
}
