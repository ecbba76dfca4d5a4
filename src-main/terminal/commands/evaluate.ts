// evaluate: what checkpoints are worth, against each other and against the truth; or how surprised one is by a text.
import { InvalidArgumentError, Option } from 'commander'
import type {
  EvaluationJudge,
  EvaluationPart,
  EvaluationReport,
} from '../../../src-shared/contract/evaluation-contract.ts'
import { evaluationPart } from '../../../src-shared/contract/evaluation-contract.ts'
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import { evaluateModels } from '../../core/evaluation/evaluate-models.ts'
import { count, number, type Output, type TerminalCommand, UsageError } from '../command.ts'
import { evaluationText } from '../evaluation-text.ts'
import { readTextFile } from '../read-text-file.ts'
import type { Session } from '../session.ts'
import { fields } from '../text.ts'
import { findCheckpoint } from './checkpoint.ts'

interface Options {
  checkpoint?: string[]
  text?: string
  world?: number
  split: 'test' | 'development'
  parts?: EvaluationPart[]
  temperature?: number[]
  judge?: EvaluationJudge['by']
  rewardCheckpoint?: string
  evenIfTrainedAgainst?: boolean
  prompt?: string[]
  seed: number
  name?: string
}

const partList = (text: string): EvaluationPart[] => {
  const names = text.split(',').map(name => name.trim())
  const wrong = names.find(name => !evaluationPart.options.some(part => part === name))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not one of ${evaluationPart.options.join(', ')}.`)
  return names as EvaluationPart[]
}

const temperatures = (text: string, before: readonly number[] = []): number[] => [
  ...before,
  number(text),
]

export const evaluate: TerminalCommand<Options> = {
  name: 'evaluate',
  summary: 'let checkpoints answer the same questions and judge them; or loss and bits per byte on a text',
  engine: () => 'node',
  declare: command =>
    void command
      .option(
        '--checkpoint <checkpoints...>',
        'ids, in the order of the phases, each with a label before it if you like: sft=run-…; by default the newest',
      )
      .option('--text <file>', 'only the loss on this UTF-8 text, of one checkpoint')
      .option(
        '--world <seed>',
        'the starter world that is asked about; by default the checkpoints’ own',
        count,
      )
      .addOption(
        new Option('--split <split>', 'test: for what is reported; development: for all that you tune')
          .choices(['test', 'development'])
          .default('test'),
      )
      .option('--prompt <text...>', 'ask these instead of the starter world')
      .option(
        '--parts <list>',
        `comma-separated: ${evaluationPart.options.join(', ')}; by default all that the questions allow`,
        partList,
      )
      .option('--temperature <t...>', 'of the tournament, 0 = greedy; by default 1 and 0', temperatures)
      .addOption(
        new Option(
          '--judge <judge>',
          'of the tournament; by default the oracle of the starter world',
        ).choices(['oracle', 'reward-model']),
      )
      .option('--reward-checkpoint <checkpoint>', 'the reward model that judges')
      .option('--even-if-trained-against', 'let it judge models that learned to please it, and say so')
      .option('--seed <seed>', 'same seed, same answers', count, 0)
      .option('--name <name>', 'of the evaluation'),
  async run(session, _, options) {
    const { text, checkpoint: given = [] } = options
    if (text !== undefined) {
      if (given.length > 1) throw new UsageError('--text takes one --checkpoint')
      return ofText(session, text, given[0])
    }
    const models = await labelled(session, given)
    const report = await evaluated(session, models, options)
    return {
      json: report,
      text: evaluationText(report),
    }
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

async function evaluated(
  session: Session,
  models: readonly { readonly label: string; readonly checkpoint: string }[],
  options: Options,
): Promise<EvaluationReport> {
  const { world, split, prompt, parts, temperature, seed, name } = options
  if (prompt && world !== undefined) throw new UsageError('give --prompt or --world, not both')
  const judge = judgeOf(options)
  const prompts = prompt
    ? ({ from: 'typed', prompts: prompt } as const)
    : ({
        from: 'starter-world',
        seed: world ?? (await worldOf(session, models[0]!.checkpoint)),
        split,
      } as const)
  const abort = new AbortController()
  return await session.until(
    evaluateModels(
      session.lab,
      {
        models: [...models],
        prompts,
        seed,
        ...(parts ? { parts } : {}),
        ...(temperature ? { temperatures: temperature } : {}),
        ...(judge ? { judges: [judge] } : {}),
        ...(name === undefined ? {} : { name }),
      },
      { signal: abort.signal },
    ),
    () => abort.abort(),
  )
}

function judgeOf({ judge, rewardCheckpoint, evenIfTrainedAgainst }: Options): EvaluationJudge | undefined {
  if (judge === 'oracle' && rewardCheckpoint !== undefined)
    throw new UsageError('--reward-checkpoint is for --judge reward-model')
  if (judge === 'reward-model' || (judge === undefined && rewardCheckpoint !== undefined)) {
    if (rewardCheckpoint === undefined)
      throw new UsageError(
        '--judge reward-model needs --reward-checkpoint: which one judges is said in the report',
      )
    return {
      by: 'reward-model',
      checkpoint: rewardCheckpoint,
      ...(evenIfTrainedAgainst ? { evenIfTrainedAgainst } : {}),
    }
  }
  return judge && { by: judge }
}

async function worldOf(session: Session, checkpoint: string): Promise<number> {
  const { seed } = await session.call('evaluation.world', { checkpoint })
  if (seed === null)
    throw new UsageError(
      'these models did not learn from a starter world: give --world and its seed, or ask --prompt of your own',
    )
  return seed
}

const phaseLabels = { pretrain: 'base', sft: 'sft', reward: 'reward', ppo: 'rlhf' } as const

/** `label=checkpoint`, or the checkpoint alone: its label is then its phase's, or its run's name where two have that. */
async function labelled(
  session: Session,
  given: readonly string[],
): Promise<{ label: string; checkpoint: string }[]> {
  const named = given.map(text => {
    const at = text.indexOf('=')
    return at < 0 ? { checkpoint: text } : { label: text.slice(0, at), checkpoint: text.slice(at + 1) }
  })
  const models: { label: string | undefined; found: CheckpointSummary }[] = []
  for (const { label, checkpoint } of named.length > 0
    ? named
    : [{ checkpoint: undefined, label: undefined }])
    models.push({ label, found: await findCheckpoint(session, checkpoint) })
  return models.map(({ label, found }) => {
    const alike = (of: (other: CheckpointSummary) => unknown) =>
      models.filter(({ found: other }) => of(other) === of(found)).length > 1
    const { phase, runName, step, id } = found
    const own = alike(({ runName }) => runName) ? `${runName} step ${step}` : runName
    return { label: label ?? (alike(({ phase }) => phase) ? own : phaseLabels[phase]), checkpoint: id }
  })
}
