// pretrain: a new run of phase 1, or an old one going on.
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { pretrainPresets } from '../../../src-shared/config/presets.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CorpusSummary, TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { collect, type Output, type TerminalCommand } from '../command.ts'
import { mergeFields, parseSources, presetNamed } from '../config-options.ts'
import { findNamed } from '../find.ts'
import { readTextFile } from '../read-text-file.ts'
import type { Session } from '../session.ts'
import { addTrainingOptions, resumeRun, type TrainingOptions, trainingResult } from '../training-run.ts'

/** Stands in for that of a tokenizer which is yet to be trained; larger ones break no rule that it keeps. */
const LEAST_VOCABULARY = 262

interface Options extends TrainingOptions {
  corpus?: string[]
  source?: string[]
  tokenizer?: string
}

export const pretrain: TerminalCommand<Options> = {
  name: 'pretrain',
  summary: 'phase 1: learn to continue text',
  engine: () => 'node',
  declare(command) {
    command
      .option('--corpus <corpora...>', 'ids or names, each read as often as the others')
      .addOption(
        command
          .createOption('--source <corpus=weight>', 'a corpus and its share of the mixture; repeatable')
          .argParser(collect)
          .conflicts('corpus'),
      )
      .option('--tokenizer <tokenizer>', 'id or name; by default one for this preset is used or trained')
    addTrainingOptions(command, ['corpus', 'source', 'tokenizer'])
  },
  run: (session, _, options) =>
    options.resume === undefined
      ? start(session, options)
      : resumeRun(session, 'pretrain', options.resume, options.set),
}

async function start(session: Session, options: Options): Promise<Output> {
  const preset = options.preset === undefined ? undefined : presetNamed(options.preset, pretrainPresets)
  const given = mergeFields({
    preset,
    file:
      options.config === undefined ? undefined : { name: options.config, text: readTextFile(options.config) },
    set: options.set,
    seed: options.seed,
  })
  // Before a tokenizer is trained for minutes.
  resolveModel(parseModelShape(given.model), LEAST_VOCABULARY)
  parsePretrainConfig(given.config)
  const sources = chooseSources(await session.call('corpora.list', {}), options)
  const corpora = sources.map(({ corpus }) => corpus)
  const tokenizer = await chooseTokenizer(
    session,
    corpora,
    options.tokenizer,
    preset?.tokenizer ?? { kind: 'bpe' },
  )
  const request = { tokenizer, sources, ...given }
  const { problems, parameters } = await session.call('pretrain.estimate', request)
  if (problems[0]) throw new LabError(problems[0])
  session.progress.note(`Training ${parameters.total.toLocaleString('en-US')} parameters`)
  const { run } = await session.call('pretrain.start', {
    ...request,
    ...(options.name === undefined ? {} : { name: options.name }),
  })
  return trainingResult(session, await session.run(run))
}

/** @throws LabError `bad-input` when no corpus is named and there is not exactly one */
export function chooseSources(
  all: readonly CorpusSummary[],
  { corpus, source }: Pick<Options, 'corpus' | 'source'>,
): { corpus: string; weight: number }[] {
  const find = (given: string) => findNamed(given, all, 'corpus', 'corpus list')
  if (source) return parseSources(source).map(({ corpus, weight }) => ({ corpus: find(corpus).id, weight }))
  const present = all.filter(({ removedAt }) => !removedAt)
  if (!corpus && present.length !== 1)
    throw new LabError({
      code: 'bad-input',
      what: present.length === 0 ? 'there is no corpus to train on' : 'no corpus is chosen',
      ...(present.length === 0
        ? {}
        : { expected: `--corpus with any of ${present.map(({ id }) => id).join(', ')}` }),
      fix: present.length === 0 ? 'import one with andromeda corpus add FILE…' : 'name one or more',
    })
  // By size, so that every text is read equally often.
  return (corpus ? corpus.map(find) : present).map(({ id, bytes }) => ({ corpus: id, weight: bytes }))
}

/** The one named; else the newest that was made from just these corpora in the preset's way; else a new one. */
async function chooseTokenizer(
  session: Session,
  corpora: readonly string[],
  given: string | undefined,
  { kind, vocabularySize }: { kind: 'bpe' | 'character'; vocabularySize?: number },
): Promise<string> {
  const all = await session.call('tokenizers.list', {})
  if (given !== undefined) return findNamed(given, all, 'tokenizer', 'tokenizer list').id
  const existing = all.find(
    t =>
      !t.removedAt &&
      t.kind === kind &&
      (vocabularySize === undefined || t.vocabularySize === vocabularySize) &&
      [...t.trainedOn].sort().join() === [...corpora].sort().join(),
  )
  if (existing) return existing.id
  const trained = await session.job<TokenizerSummary>('tokenizers.train', {
    kind,
    corpora: [...corpora],
    ...(vocabularySize === undefined ? {} : { vocabularySize }),
  })
  session.progress.note(`Trained the tokenizer "${trained.name}" (${trained.id})`)
  return trained.id
}
