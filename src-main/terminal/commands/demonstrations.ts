// demonstrations add | list | show | preview | export | remove
import { resolve } from 'node:path'
import type {
  ColumnMapping,
  DemonstrationImport,
  DemonstrationSet,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { type TerminalCommand, UsageError } from '../command.ts'
import { findNamed } from '../find.ts'
import { importOutput, rejectionLines } from '../import-output.ts'
import type { Session } from '../session.ts'
import { counted, escapeControls, excerpt, fields, table } from '../text.ts'

const FILES = '.jsonl .json .csv .tsv .parquet, .gz and .zst of the text ones'
const MAP_HELP =
  'which column holds what, where the shape is unknown: prompt=…,response=…, and if you like system, context, useCase'

export const demonstrationsAdd: TerminalCommand<{ name?: string; into?: string; map?: string }> = {
  name: 'demonstrations add',
  summary: 'import demonstrations: prompts with their responses',
  engine: () => 'none',
  declare: command =>
    void command
      .argument('<files...>', FILES)
      .option('--name <name>', 'what the new set is called')
      .option('--into <set>', 'add to this set, by id or name')
      .option('--map <columns>', MAP_HELP),
  async run(session, files, { name, into, map }) {
    if (name !== undefined && into !== undefined)
      throw new UsageError('--name is for a new set: give it or --into, not both')
    const mapping = map === undefined ? {} : { mapping: readMapping(map) }
    const target = into === undefined ? {} : { into: (await findSet(session, into)).id }
    const result = await session.job<DemonstrationImport>('demonstrations.import', {
      files: files.map(file => ({ file: session.lab.grantPath(resolve(file)), ...mapping })),
      ...(name === undefined ? {} : { name }),
      ...target,
    })
    return importOutput(result, await session.call('demonstrations.show', { set: result.set }))
  },
}

export const demonstrationsList: TerminalCommand = {
  name: 'demonstrations list',
  summary: 'the sets of demonstrations of the workspace',
  engine: () => 'none',
  declare: () => {},
  async run(session) {
    const sets = (await session.call('demonstrations.list', {})).filter(({ removedAt }) => !removedAt)
    return {
      json: { sets },
      text: table(
        ['set', 'name', 'rows', 'duplicates', 'rejected'],
        sets.map(set => [set.id, set.name, set.rows, set.duplicates, set.rejected]),
        'No demonstrations yet. Import some with: andromeda demonstrations add FILE…',
      ),
    }
  },
}

export const demonstrationsShow: TerminalCommand = {
  name: 'demonstrations show',
  summary: 'what one set holds and what its imports decided',
  engine: () => 'none',
  declare: command => void command.argument('<set>', 'id or name'),
  async run(session, [given]) {
    const set = await findSet(session, given!)
    const { rows } = await session.call('demonstrations.rows', { set: set.id, offset: 0, limit: 5 })
    return {
      json: { ...set, firstRows: rows },
      text: [
        fields([
          ['set', set.id],
          ['name', set.name],
          ['rows', set.rows],
          ['duplicates', set.duplicates],
          ['rejected', set.rejected],
          ...Object.entries(set.useCases).map(
            ([useCase, count]) => [useCase === 'none' ? 'no use case' : useCase, count] as const,
          ),
          ['tags', set.tags.join(', ') || undefined],
        ]),
        '',
        table(
          ['file', 'format', 'rows'],
          set.files.map(({ file, format, rows }) => [file, format, rows]),
          'written by hand',
        ),
        '',
        table(
          ['row', 'prompt', 'response'],
          rows.map(({ number, messages }) => [
            // As the screen numbers them: from 1.
            number + 1,
            excerpt(messages.at(-2)?.content),
            excerpt(messages.at(-1)?.content),
          ]),
          'no rows yet',
        ),
        ...set.notes.map(note => `\n${escapeControls(note)}`),
      ].join('\n'),
    }
  },
}

export const demonstrationsPreview: TerminalCommand<{ map?: string }> = {
  name: 'demonstrations preview',
  summary: 'what the first rows of a file would become',
  engine: () => 'none',
  declare: command => void command.argument('<file>', FILES).option('--map <columns>', MAP_HELP),
  async run(session, [file], { map }) {
    const preview = await session.call('demonstrations.preview', {
      file: session.lab.grantPath(resolve(file!)),
      ...(map === undefined ? {} : { mapping: readMapping(map) }),
    })
    const { formatTitle, columns, mapping, rows, rejections } = preview
    return {
      json: preview,
      text: [
        fields([
          ['file', preview.file],
          ['format', formatTitle],
          ['columns', columns.join(', ')],
          ['mapping', mapping ? mappingText(mapping) : undefined],
        ]),
        '',
        table(
          ['line', 'messages', 'prompt', 'response', 'use case'],
          rows.map(({ line, messages, useCase }) => [
            line,
            messages.length,
            excerpt(messages.at(-2)?.content),
            excerpt(messages.at(-1)?.content),
            useCase,
          ]),
          'no row could be used',
        ),
        ...rejectionLines(rejections),
        ...(preview.format === null && columns.length > 1
          ? ['Say which columns hold what with: --map prompt=…,response=…']
          : []),
      ].join('\n'),
    }
  },
}

export const demonstrationsExport: TerminalCommand = {
  name: 'demonstrations export',
  summary: 'write a set as JSON lines of messages, for TRL and others',
  engine: () => 'none',
  declare: command => void command.argument('<set>', 'id or name'),
  async run(session, [given]) {
    const { id, name } = await findSet(session, given!)
    const { path, rows } = await session.call('demonstrations.export', { set: id })
    return {
      json: { set: id, path, rows },
      text: escapeControls(`Wrote ${counted(rows, 'row')} of ${name} to ${path}`),
    }
  },
}

export const demonstrationsRemove: TerminalCommand = {
  name: 'demonstrations remove',
  summary: 'remove a set; runs that were trained on it keep their copy',
  engine: () => 'none',
  declare: command => void command.argument('<set>', 'id or name'),
  async run(session, [given]) {
    const { id, name } = await findSet(session, given!)
    await session.call('demonstrations.remove', { set: id })
    return { json: { set: id, removed: true }, text: escapeControls(`Removed ${name} (${id}).`) }
  },
}

export const findSet = async (session: Session, given: string): Promise<DemonstrationSet> =>
  findNamed(
    given,
    await session.call('demonstrations.list', {}),
    'set of demonstrations',
    'demonstrations list',
  )

const parts = ['prompt', 'response', 'system', 'context', 'useCase'] as const

/** `prompt=question,response=answer`. @throws UsageError */
export function readMapping(text: string): ColumnMapping {
  const mapping: Record<(typeof parts)[number], string | null> = {
    prompt: null,
    response: null,
    system: null,
    context: null,
    useCase: null,
  }
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const part = parts.find(one => one === pair.slice(0, at).trim())
    const column = pair.slice(at + 1).trim()
    if (at < 0 || part === undefined || column === '')
      throw new UsageError(`--map: "${pair}" is not one of ${parts.map(one => `${one}=COLUMN`).join(', ')}`)
    mapping[part] = column
  }
  const { prompt, response, ...others } = mapping
  if (prompt === null || response === null)
    throw new UsageError('--map needs both prompt=COLUMN and response=COLUMN')
  return { prompt, response, ...others }
}

const mappingText = (mapping: ColumnMapping): string =>
  Object.entries(mapping)
    .filter(([, column]) => column !== null)
    .map(([part, column]) => `${part}=${column}`)
    .join(',')
