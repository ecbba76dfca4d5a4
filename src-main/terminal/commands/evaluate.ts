// evaluate: what checkpoints are worth, against each other and against the truth; or how surprised one is by a text.
import { InvalidArgumentError, Option } from 'commander'
import type {
  EvaluationJudge,
  EvaluationPart,
  EvaluationReport,
} from '../../../src-shared/contract/evaluation-contract.ts'
import { evaluationPart } from '../../../src-shared/contract/evaluation-contract.ts'
import { LABELER, ownName } from '../../../src-shared/preferences/labeler-name.ts'
import { count, number, type Output, type TerminalCommand, UsageError } from '../command.ts'
import { evaluationList, findEvaluation } from '../evaluation/evaluation-list.ts'
import { evaluationText } from '../evaluation/evaluation-text.ts'
import { type LabelledModel, labelledModels } from '../evaluation/labelled-models.ts'
import { voteByKeys } from '../evaluation/vote-by-keys.ts'
import { keysOf } from '../ranking/keys.ts'
import { readTextFile } from '../read-text-file.ts'
import type { Session } from '../session.ts'
import { counted, fields } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'

interface Options {
  checkpoint?: string[]
  text?: string
  world?: number
  prompt?: string[]
  split: 'test' | 'development'
  parts?: EvaluationPart[]
  temperature?: number[]
  judge?: EvaluationJudge['by'][]
  rewardCheckpoint?: string
  evenIfTrainedAgainst?: boolean
  seed: number
  name?: string
  resume?: string
  vote?: string
  labeler?: string
  list?: boolean
}

const judges = ['oracle', 'reward-model'] as const

const MOST_TEMPERATURES = 4
const MOST_TEMPERATURE = 10
const temperatures = (text: string, before: readonly number[] = []): number[] => {
  if (before.length === MOST_TEMPERATURES)
    throw new InvalidArgumentError(`At most ${MOST_TEMPERATURES} temperatures are compared.`)
  const temperature = number(text)
  if (temperature < 0 || temperature > MOST_TEMPERATURE)
    throw new InvalidArgumentError(`It must be a number from 0, which is greedy, to ${MOST_TEMPERATURE}.`)
  return [...before, temperature]
}

const partList = (text: string): EvaluationPart[] => {
  const names = text
    .split(',')
    .map(name => name.trim())
    .map(name => (name === 'truth' ? 'truthfulness' : name))
  const wrong = names.find(name => !evaluationPart.options.some(part => part === name))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not one of ${evaluationPart.options.join(', ')}.`)
  return names as EvaluationPart[]
}

export const evaluate: TerminalCommand<Options> = {
  name: 'evaluate',
  summary: 'compare checkpoints on the same questions; or one’s loss on a text',
  engine: ({ vote, list }) => (vote === undefined && !list ? 'node' : 'none'),
  declare: command =>
    void command
      .option(
        '--checkpoint <checkpoints...>',
        'ids in the order of the phases, each with a label before it if you like: sft=run-…; by default the newest',
      )
      .option('--text <file>', 'only the loss on this UTF-8 text, of one checkpoint')
      .option('--world <seed>', 'the starter world that is asked about; by default the models’ own', count)
      .addOption(
        new Option('--split <split>', 'test for what is reported, development for all that you tune')
          .choices(['test', 'development'])
          .default('test'),
      )
      .option('--prompt <texts...>', 'ask these instead of the starter world')
      .option(
        '--parts <list>',
        `comma-separated: ${evaluationPart.options.join(', ')}; by default all that the questions allow`,
        partList,
      )
      .option(
        '--temperature <temperatures...>',
        'of the tournament, from 0, which is greedy, to 10; by default 1 and 0',
        temperatures,
      )
      .addOption(
        new Option('--judge <judges...>', 'of the tournament; by default the starter world’s oracle').choices(
          judges,
        ),
      )
      .option('--reward-checkpoint <checkpoint>', 'the reward model that judges')
      .option('--even-if-trained-against', 'let it judge models that learned to please it, and say so')
      .option('--seed <seed>', 'same seed, same answers', count, 0)
      .option('--name <name>', 'of the evaluation')
      .option('--resume <evaluation>', 'go on with one that was cut off, or show one that is through')
      .option('--vote <evaluation>', 'compare its answers yourself, by keys, without knowing whose they are')
      .option('--labeler <name>', 'who votes; by default the name in the settings, else "me"')
      .option('--list', 'only list the evaluations there are'),
  async run(session, _, options) {
    const { text, checkpoint = [], resume, vote, list } = options
    if (list) return evaluationList(session)
    if (text !== undefined) {
      if (checkpoint.length > 1) throw new UsageError('--text takes one --checkpoint')
      return ofText(session, text, checkpoint[0])
    }
    if (vote !== undefined) return voted(session, await findEvaluation(session, vote), options.labeler)
    const report =
      resume === undefined
        ? await evaluated(session, await labelledModels(session, checkpoint), options)
        : await session.job<EvaluationReport>('evaluation.resume', {
            evaluation: await findEvaluation(session, resume),
          })
    return { json: report, text: evaluationText(report) }
  },
}

async function ofText(session: Session, file: string, given: string | undefined): Promise<Output> {
  const text = readTextFile(file)
  const { id } = await findCheckpoint(session, given)
  const { tokens, loss, bitsPerByte, unknownCharacters } = await session.lab.evaluateText(id, text)
  return {
    json: { tokens, loss, bitsPerByte, unknownCharacters, checkpoint: id },
    text: fields([
      ['checkpoint', id],
      ['tokens', tokens],
      ['loss', `${loss.toFixed(4)} nats per token`],
      ['bits per byte', bitsPerByte?.toFixed(4)],
      [
        'unknown',
        unknownCharacters > 0
          ? `${unknownCharacters} characters are not in the model's alphabet, so bits per byte would say nothing`
          : undefined,
      ],
    ]),
  }
}

async function voted(session: Session, evaluation: string, named: string | undefined): Promise<Output> {
  const labeler = named ?? ownName((await session.call('settings.all', {}))[LABELER])
  const voter = { evaluation, labeler }
  const { votes, skipped, state } = await voteByKeys(session, voter, keysOf(process.stdin), text =>
    session.progress.note(text),
  )
  const { done, total } = state
  const { winRates } = await session.call('evaluation.show', { evaluation })
  const left = done < total ? `go on with andromeda evaluate --vote ${evaluation}` : 'all are done'
  return {
    json: { evaluation, labeler, votes, skipped, done, total, winRates },
    text: `${counted(votes, 'vote')}${skipped > 0 ? `, ${skipped} skipped` : ''}; ${done} of ${total} pairs voted on or skipped in all: ${left}. What they say: andromeda evaluate --resume ${evaluation}`,
  }
}

async function evaluated(
  session: Session,
  models: LabelledModel[],
  options: Options,
): Promise<EvaluationReport> {
  const { world, split, prompt, parts, temperature, seed, name } = options
  if (prompt && world !== undefined) throw new UsageError('give --prompt or --world, not both')
  const judges = judgesOf(options)
  const { evaluation, job } = await session.call('evaluation.start', {
    models,
    prompts: prompt
      ? { from: 'typed', prompts: prompt }
      : { from: 'starter-world', seed: world ?? (await worldOf(session, models[0]!.checkpoint)), split },
    parts,
    temperatures: temperature,
    judges,
    seed,
    name,
  })
  return session.until(session.lab.waitForJob<EvaluationReport>(job), () => {
    session.progress.note(`What is answered is kept: go on with andromeda evaluate --resume ${evaluation}`)
    return session.call('jobs.cancel', { job })
  })
}

function judgesOf(options: Options): EvaluationJudge[] | undefined {
  const { judge, rewardCheckpoint: checkpoint, evenIfTrainedAgainst } = options
  const wanted = judge ?? (checkpoint === undefined ? undefined : ['reward-model' as const])
  if (checkpoint !== undefined && !wanted!.includes('reward-model'))
    throw new UsageError('--reward-checkpoint is for --judge reward-model')
  return wanted?.map(by => {
    if (by === 'oracle') return { by }
    if (checkpoint === undefined)
      throw new UsageError('--judge reward-model needs --reward-checkpoint: a report names its judge')
    return { by, checkpoint, evenIfTrainedAgainst }
  })
}

async function worldOf(session: Session, checkpoint: string): Promise<number> {
  const { seed } = await session.call('evaluation.world', { checkpoint })
  if (seed === null)
    throw new UsageError(
      'these models did not learn from a starter world: give --world and its seed, or ask --prompt of your own',
    )
  return seed
}
