// What a build has brought, as text.
import { decimal, modelName, temperatureName } from '../../src-shared/build-report/figures.ts'
import type { DemoResult } from '../core/demo/demo-result.ts'
import { duration, fields, percent } from './text.ts'

/** Phases in their order, examples last. */
export function demoText({
  pretrain,
  sft,
  reward,
  ppo,
  evaluate,
  goals,
  minutes,
  backend,
  said,
  report,
}: DemoResult): string {
  const base = fields([
    ['backend', backend ?? undefined],
    ['time', duration(minutes.total * 60)],
    ['validation loss', pretrain.valLoss.toFixed(4)],
    ['bits per byte', pretrain.valBitsPerByte.toFixed(4)],
    ['checkpoint', pretrain.path],
  ])
  if (!sft)
    return [
      base,
      ...pretrain.samples.map(({ prompt, text }) => `\n${fields([['sample', prompt + text]])}`),
    ].join('\n')
  const { knownFactAccuracy: known } = sft
  const tuned = fields([
    ['fine-tuned', sft.path],
    ['facts it was asked before', `${percent(sft.askedFactAccuracy)} right`],
    ['facts never asked', `base ${percent(known.base)} right, fine-tuned ${percent(known.sft)} right`],
    ['other tasks', `${percent(sft.scores.sft.tasks.correct)} right`],
    ['stops by itself', percent(sft.stopRate)],
    ['about names of nobody', `${percent(sft.fabricationRate)} invented`],
  ])
  const examples = said
    ? said.map(({ prompt, answers }) =>
        fields([['asked', prompt], ...answers.map(({ label, text }) => [modelName(label), text] as const)]),
      )
    : sft.examples.map(({ prompt, base, sft }) =>
        fields([
          ['asked', prompt],
          [modelName('base'), base],
          [modelName('sft'), sft],
        ]),
      )
  return [
    base,
    tuned,
    ...(reward ? [rewardText(reward)] : []),
    ...(ppo ? [ppoText(ppo)] : []),
    ...(evaluate ? [evaluateText(evaluate)] : []),
    ...(goals ? [goalsText(goals)] : []),
    ...examples,
    ...(report ? [fields([['report', report]])] : []),
  ].join('\n\n')
}

const rewardText = (reward: NonNullable<DemoResult['reward']>): string =>
  [
    fields([
      ['reward model', reward.path],
      [
        'held-out pairs',
        `${percent(reward.valAccuracy)} right, of ${percent(reward.ceiling)} that label noise leaves`,
      ],
      ['without label noise', percent(reward.cleanAccuracy)],
      ['true over false, facts never asked', percent(reward.truthAccuracy)],
      ['verdict', `${reward.verdict}: ${reward.summary}`],
    ]),
    ...reward.reasons.map(({ level, text }) => `  ${level}: ${text}`),
  ].join('\n')

const ppoText = ({ path, taken, kl, klTarget, reward, doctor }: NonNullable<DemoResult['ppo']>): string =>
  fields([
    ['RLHF', path],
    ['checkpoint', taken],
    ['reward', `${decimal(reward, 3)} by the reward model, at temperature 1`],
    [
      'KL',
      `${decimal(kl, 2)} nats per answer at temperature 1${klTarget === null ? '' : `, the target is ${decimal(klTarget, 2)}`}`,
    ],
    ['doctor', doctor.map(({ step, text }) => `update ${step}: ${text}`).join(' ') || 'nothing was wrong'],
  ])

const evaluateText = ({
  winRates,
  tasks,
  badStyle,
  abstainsOnTasks,
  truthfulness,
}: NonNullable<DemoResult['evaluate']>): string =>
  fields([
    ...winRates.map(({ a, b, temperature, rate, low, high }): [string, string] => [
      `${a} over ${b}, ${temperatureName(temperature)}`,
      `${percent(rate)} (${percent(low)} to ${percent(high)}) by the starter world's oracle`,
    ]),
    ...Object.keys(truthfulness).map((label): [string, string] => [
      label,
      `greedy: known facts ${percent(truthfulness[label]!.known.correct)} right, ${percent(truthfulness[label]!.unknown.fabricates)} invented about nobody, tasks ${percent(tasks[label]!)} right, ${percent(abstainsOnTasks[label]!)} “I don’t know.” to them; at temperature 1: bad style ${percent(badStyle[label]!)}`,
    ]),
  ])

const goalsText = (goals: NonNullable<DemoResult['goals']>): string =>
  goals
    .map(
      ({ goal, reached, figures, isAim, saysNothing }) =>
        `${saysNothing ? 'says nothing' : reached ? 'reached     ' : 'not reached '}  ${goal}${isAim ? ' (an aim, not a promise)' : ''}: ${figures}${saysNothing ? `: ${saysNothing}` : ''}`,
    )
    .join('\n')
