// corpus add | list | show | remove
import { resolve } from 'node:path'
import type { CorpusSummary, ImportResult } from '../../../src-shared/contract/lab-contract.ts'
import type { TerminalCommand } from '../command.ts'
import { findNamed } from '../find.ts'
import { rejectionLines } from '../import-output.ts'
import type { Session } from '../session.ts'
import { byteSize, fields, table } from '../text.ts'

/** Rejections printed for a person; --json has more, rejections.jsonl of the corpus all. */
const SHOWN_REJECTIONS = 20

export const corpusAdd: TerminalCommand<{ name?: string }> = {
  name: 'corpus add',
  summary: 'import texts, by file or folder',
  engine: () => 'none',
  declare: command =>
    void command
      .argument(
        '<files...>',
        '.txt .md .html .epub .pdf .jsonl .csv .tsv .parquet, .gz and .zst of the text ones',
      )
      .option('--name <name>', 'what the corpus is called'),
  async run(session, files, { name }) {
    const result = await session.job<ImportResult>('corpora.import', {
      files: files.map(file => session.lab.grantPath(resolve(file))),
      ...(name === undefined ? {} : { name }),
    })
    const { corpus, accepted, rejected, duplicates, documents, bytes, rejections } = result
    const { notes, files: read } = await session.call('corpora.show', { corpus })
    return {
      json: {
        corpus,
        accepted,
        rejected,
        duplicates,
        documents,
        bytes,
        rejections: rejections.map(({ file, line, reason }) => ({ file, line, reason })),
        rejectionsLeftOut: rejected - rejections.length,
        files: read,
        notes,
      },
      text: [
        fields([
          ['corpus', corpus],
          ['documents', documents],
          ['text', byteSize(bytes)],
          ['duplicates', duplicates],
          ['rejected', rejected],
        ]),
        ...rejectionLines(rejections.slice(0, SHOWN_REJECTIONS)),
        ...(rejected > SHOWN_REJECTIONS
          ? [
              `  … and ${rejected - SHOWN_REJECTIONS} more: corpora/${corpus}/rejections.jsonl of the workspace`,
            ]
          : []),
        ...notes.map(note => `note: ${note}`),
      ].join('\n'),
    }
  },
}

export const corpusList: TerminalCommand = {
  name: 'corpus list',
  summary: 'the corpora of the workspace',
  engine: () => 'none',
  declare: () => {},
  async run(session) {
    const corpora = (await session.call('corpora.list', {})).filter(({ removedAt }) => !removedAt)
    return {
      json: { corpora },
      text: table(
        ['corpus', 'name', 'documents', 'validation', 'text', 'rejected'],
        corpora.map(c => [c.id, c.name, c.documents, c.validationDocuments, byteSize(c.bytes), c.rejected]),
        'No corpus yet. Import one with: andromeda corpus add FILE…',
      ),
    }
  },
}

export const corpusShow: TerminalCommand = {
  name: 'corpus show',
  summary: 'what one corpus holds and what its import decided',
  engine: () => 'none',
  declare: command => void command.argument('<corpus>', 'id or name'),
  async run(session, [given]) {
    const corpus = await findCorpus(session, given!)
    const { id, name, documents, validationDocuments, bytes, duplicates, rejected, split, files, notes } =
      corpus
    return {
      json: corpus,
      text: [
        fields([
          ['corpus', id],
          ['name', name],
          ['documents', documents],
          ['for validation', validationDocuments],
          ['split by', split === 'tail' ? 'the tail of each document' : 'the hash of each document'],
          ['text', byteSize(bytes)],
          ['duplicates', duplicates],
          ['rejected', rejected],
        ]),
        '',
        table(
          ['file', 'format', 'encoding', 'text', 'documents'],
          files.map(f => [f.file, f.format, f.encoding, byteSize(f.bytes), f.documents]),
          'no files',
        ),
        ...notes.map(note => `\n${note}`),
      ].join('\n'),
    }
  },
}

export const corpusRemove: TerminalCommand = {
  name: 'corpus remove',
  summary: 'remove a corpus; runs that used it stay readable',
  engine: () => 'none',
  declare: command => void command.argument('<corpus>', 'id or name'),
  async run(session, [given]) {
    const { id, name } = await findCorpus(session, given!)
    await session.call('corpora.remove', { corpus: id })
    return { json: { corpus: id, removed: true }, text: `Removed ${name} (${id}).` }
  },
}

export const findCorpus = async (session: Session, given: string): Promise<CorpusSummary> =>
  findNamed(given, await session.call('corpora.list', {}), 'corpus', 'corpus list')
