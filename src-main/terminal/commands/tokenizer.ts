// tokenizer train | encode | decode | list

import { LabError } from '../../../src-shared/contract/errors.ts'
import type { TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { countUnknown } from '../../../src-shared/tokenizer/unknown-characters.ts'
import { count, type TerminalCommand, UsageError } from '../command.ts'
import { findNamed } from '../find.ts'
import { readTextFile } from '../read-text-file.ts'
import type { Session } from '../session.ts'
import { escapeControls, fields, table } from '../text.ts'
import { findCorpus } from './corpus.ts'

export const tokenizerTrain: TerminalCommand<{
  corpus: string[]
  kind: 'bpe' | 'character'
  vocabulary?: number
  name?: string
}> = {
  name: 'tokenizer train',
  summary: 'train a tokenizer on corpora',
  engine: () => 'none',
  declare(command) {
    command
      .requiredOption('--corpus <corpora...>', 'ids or names')
      .option(
        '--vocabulary <size>',
        'tokens, 262 (256 bytes and 6 reserved) or more; by default by the size of the text',
        count,
      )
      .option('--name <name>', 'what the tokenizer is called')
      .addOption(command.createOption('--kind <kind>').choices(['bpe', 'character']).default('bpe'))
  },
  async run(session, _, { corpus, kind, vocabulary, name }) {
    const corpora = await Promise.all(corpus.map(each => findCorpus(session, each)))
    const trained = await session.job<TokenizerSummary>('tokenizers.train', {
      kind,
      corpora: corpora.map(({ id }) => id),
      ...(vocabulary === undefined ? {} : { vocabularySize: vocabulary }),
      ...(name === undefined ? {} : { name }),
    })
    return {
      json: {
        tokenizer: trained.id,
        vocabulary: trained.vocabularySize,
        minutes: trained.minutes,
        bytesPerToken: trained.bytesPerToken,
      },
      text: fields([
        ['tokenizer', trained.id],
        ['vocabulary', trained.vocabularySize],
        ['bytes per token', trained.bytesPerToken?.toFixed(2)],
      ]),
    }
  },
}

/** @throws UsageError for anything but whole numbers */
function tokenIds(text: string): number[] {
  const words = text.split(/[\s,]+/).filter(Boolean)
  const wrong = words.find(word => !/^\d{1,9}$/.test(word))
  if (wrong !== undefined) throw new UsageError(`a token id is a whole number of at least 0, not "${wrong}"`)
  return words.map(Number)
}

interface Encode {
  tokenizer?: string
  text?: string
  file?: string
}
export const tokenizerEncode: TerminalCommand<Encode> = {
  name: 'tokenizer encode',
  summary: 'text to token ids',
  engine: () => 'none',
  declare: command =>
    void command
      .option('--tokenizer <tokenizer>', 'id or name; by default the newest of yours')
      .addOption(command.createOption('--text <text>').conflicts('file'))
      .option('--file <file>', 'a UTF-8 text file'),
  async run(session, _, options) {
    if (options.text === undefined && options.file === undefined)
      throw new UsageError('give either --text or --file')
    const text = options.text ?? readTextFile(options.file!)
    const { id } = await findTokenizer(session, options.tokenizer)
    // Not the screen's method, which is for texts that can be drawn.
    const tokenizer = await session.lab.tokenizer(id)
    const ids = tokenizer.encode(text)
    const unknownCharacters = countUnknown(tokenizer, text, ids)
    if (unknownCharacters > 0)
      session.progress.note(
        `${unknownCharacters} characters are not in this tokenizer's alphabet and became �`,
      )
    return {
      json: { tokenizer: id, ids, bytes: Buffer.byteLength(text), unknownCharacters },
      text: ids.join(' '),
    }
  },
}

export const tokenizerDecode: TerminalCommand<{ tokenizer?: string }> = {
  name: 'tokenizer decode',
  summary: 'token ids to text',
  engine: () => 'none',
  declare: command =>
    void command
      .argument('<ids...>', 'whole numbers, apart by spaces or commas')
      .option('--tokenizer <tokenizer>', 'id or name; by default the newest of yours'),
  async run(session, ids, options) {
    const { id } = await findTokenizer(session, options.tokenizer)
    const { text } = await session.call('tokenizers.decode', {
      tokenizer: id,
      ids: Int32Array.from(ids.flatMap(tokenIds)),
    })
    return { json: { tokenizer: id, text }, text: escapeControls(text) }
  },
}

export const tokenizerList: TerminalCommand = {
  name: 'tokenizer list',
  summary: 'your tokenizers, and those of GPT-2 and GPT-4',
  engine: () => 'none',
  declare: () => {},
  async run(session) {
    const tokenizers = (await session.call('tokenizers.list', {})).filter(({ removedAt }) => !removedAt)
    return {
      json: { tokenizers },
      text: table(
        ['tokenizer', 'name', 'kind', 'vocabulary', 'bytes/token'],
        tokenizers.map(t => [t.id, t.name, t.kind, t.vocabularySize, t.bytesPerToken?.toFixed(2)]),
        'No tokenizers.',
      ),
    }
  },
}

async function findTokenizer(session: Session, given: string | undefined): Promise<TokenizerSummary> {
  const all = await session.call('tokenizers.list', {})
  if (given !== undefined) return findNamed(given, all, 'tokenizer', 'tokenizer list')
  const newest = all.find(({ kind, removedAt }) => kind !== 'foreign' && !removedAt)
  if (newest) return newest
  throw new LabError({
    code: 'not-found',
    what: 'you have no tokenizer yet',
    fix: 'train one with andromeda tokenizer train, or give --tokenizer gpt2',
  })
}
