// ppo: a new run of phase 4, or an old one going on, and how its model stands against the fine-tuned one.
import { InvalidArgumentError } from 'commander'
import { parsePpoConfig, ppoFields } from '../../../src-shared/config/ppo-config.ts'
import { ppoPresets } from '../../../src-shared/config/ppo-presets.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { PpoEvaluation, RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { DOCTOR } from '../../core/ppo/run-doctor.ts'
import { type Output, type TerminalCommand, UsageError } from '../command.ts'
import { addPromptOptions, type PromptOptions, promptSourceOf } from '../prompt-options.ts'
import type { Session } from '../session.ts'
import { counted, fields, percent } from '../text.ts'
import {
  addTrainingOptions,
  givenConfig,
  resumeRun,
  type TrainingOptions,
  trainingResult,
} from '../training-run.ts'
import { findCheckpoint, findParent } from './checkpoint.ts'

interface Options extends TrainingOptions, PromptOptions {
  checkpoint?: string
  rewardModel?: string
  rewardWeight: number
  reward?: RewardSource[]
}

const REWARDS =
  'truth, abstention, exact, regex:PATTERN or length:TOKENS, each with @WEIGHT if not 1, such as abstention@0.5'
/** How often a pattern is counted at most in one answer. */
const MOST_MATCHES = 20

export const ppo: TerminalCommand<Options> = {
  name: 'ppo',
  summary: 'phase 4: reinforcement learning against a reward model or rules',
  engine: () => 'node',
  declare(command) {
    command
      .option(
        '--checkpoint <checkpoint>',
        'the fine-tuned model to start from; by default the newest of phase 2',
      )
      .option(
        '--reward-model <checkpoint>',
        'of phase 3; by default the newest, unless --reward is given; "none" for rules alone',
      )
      .option('--reward-weight <weight>', 'of the reward model', weightOf, 1)
      .option('--reward <rule>', `beside it: ${REWARDS}; repeatable`, rule)
    addPromptOptions(command)
    addTrainingOptions(command, [
      ...[
        'checkpoint',
        'rewardModel',
        'rewardWeight',
        'reward',
        'prompts',
        'prompt',
        'demonstrations',
        'starterWorld',
        'count',
      ],
    ])
  },
  async run(session, _, options) {
    const trained =
      options.resume === undefined
        ? await start(session, options)
        : await resumeRun(session, 'ppo', options.resume, options.set)
    const { run } = trained.json as { run: string }
    const evaluations = await session.call('ppo.evaluations', { run })
    const { latest } = await session.call('runs.show', { run })
    const best = (await session.call('checkpoints.list', { run })).find(checkpoint => checkpoint.best)
    const events = await session.call('runs.events', { run })
    const doctor = events.flatMap(({ kind, step, text }) => (kind === DOCTOR ? [{ step, text }] : []))
    return {
      ...trained,
      json: {
        ...trained.json,
        kl: latest['objective/kl'] ?? null,
        klCoef: latest['objective/kl_coef'] ?? null,
        reward: latest['objective/scores'] ?? null,
        best: best ? { checkpoint: best.id, step: best.step } : null,
        evaluations,
        doctor,
      },
      text: `${trained.text}\n\n${standing(evaluations)}${best ? `\n${fields([['best', `update ${best.step}, ${best.id}: the kind of prompt where it won least went best`]])}` : ''}\n${diagnosis(doctor)}`,
    }
  },
}

async function start(session: Session, options: Options): Promise<Output> {
  if (options.rewardModel === 'none' && !options.reward?.length)
    throw new UsageError(`without a reward model nothing rewards: give --reward and a rule (${REWARDS})`)
  const config = givenConfig(options, ppoPresets, ppoFields)
  const { steps, batchSize } = parsePpoConfig(config)
  const preset = options.preset === undefined ? undefined : ppoPresets[options.preset]
  const count = options.count ?? preset?.prompts ?? steps * batchSize
  const request = {
    checkpoint: await findParent(session, options.checkpoint, 'sft'),
    prompts: await promptSourceOf(
      session,
      options.starterWorld === undefined ? options : { ...options, count },
    ),
    rewards: await rewardsOf(session, options),
    config,
  }
  const { problems, parameters, prompts, memory } = await session.call('ppo.estimate', request)
  if (problems[0]) throw new LabError(problems[0])
  session.progress.note(
    `Training ${counted(parameters.total, 'parameter')} on answers to ${counted(prompts!.train, 'prompt')} in ${counted(steps, 'update')} of ${batchSize} answers; ${counted(prompts!.validation, 'prompt')} held out, ${prompts!.refused.toLocaleString('en-US')} refused; ${(memory.total / 2 ** 20).toFixed(0)} MiB`,
  )
  for (const source of request.rewards) await warnOfVerdict(session, source)
  const { run } = await session.call('ppo.start', {
    ...request,
    ...(options.name === undefined ? {} : { name: options.name }),
  })
  return trainingResult(session, await session.run(run))
}

/** What the screens say beside a reward model. */
async function warnOfVerdict(session: Session, source: RewardSource): Promise<void> {
  if (source.kind !== 'reward-model') return
  const report = await session.call('reward.report', { checkpoint: source.checkpoint })
  if (report?.verdict.level === 'red')
    session.progress.note(`The reward model's verdict is red: ${report.verdict.summary}`)
}

async function rewardsOf(
  session: Session,
  { reward: rules = [], rewardModel, rewardWeight }: Options,
): Promise<RewardSource[]> {
  if (rewardModel === 'none' || (rewardModel === undefined && rules.length > 0)) return rules
  const { id } = await findCheckpoint(session, rewardModel, 'scoring')
  return [{ kind: 'reward-model', checkpoint: id, weight: rewardWeight }, ...rules]
}

function weightOf(text: string): number {
  const weight = Number(text)
  if (text.trim() === '' || !Number.isFinite(weight))
    throw new InvalidArgumentError(`"${text}" is no number.`)
  return weight
}

function rule(text: string, before: RewardSource[] = []): RewardSource[] {
  const [, kind, argument, weight] = /^([a-z]+)(?::(.*?))?(?:@(-?[\d.]+))?$/s.exec(text) ?? []
  const weighted = { weight: weight === undefined ? 1 : weightOf(weight) }
  const plain = argument === undefined
  if (plain && (kind === 'truth' || kind === 'abstention' || kind === 'exact'))
    return [...before, { kind, ...weighted }]
  if (kind === 'regex' && argument)
    return [...before, { kind, pattern: argument, most: MOST_MATCHES, ...weighted }]
  if (kind === 'length' && /^\d+$/.test(argument ?? ''))
    return [...before, { kind, target: Number(argument), ...weighted }]
  throw new InvalidArgumentError(`"${text}" is none of ${REWARDS}.`)
}

function diagnosis(doctor: readonly { readonly step: number; readonly text: string }[]): string {
  if (doctor.length === 0) return fields([['doctor', 'nothing was wrong']])
  return doctor.map(({ step, text }) => fields([['doctor', `update ${step}: ${text}`]])).join('\n')
}

/** How the policy stood against the fine-tuned model at each evaluation. */
function standing(evaluations: readonly PpoEvaluation[]): string {
  return evaluations
    .map(({ step, score, kl, abstains, oracle }) =>
      fields([
        [
          step === 0 ? 'before' : `update ${step}`,
          [
            `reward ${score.toFixed(3)}`,
            `KL ${kl.toFixed(2)} nats`,
            `“I don’t know.” ${percent(abstains)}`,
            ...(oracle && oracle.n > 0
              ? [
                  `wins ${percent(oracle.share)} (${percent(oracle.low)} to ${percent(oracle.high)}) over the fine-tuned model by the starter world's oracle`,
                ]
              : []),
          ].join(', '),
        ],
      ]),
    )
    .join('\n')
}
