// reward: a new run of phase 3, or an old one going on, and what its model can judge.
import { parseRewardConfig, rewardFields } from '../../../src-shared/config/reward-config.ts'
import { rewardPresets } from '../../../src-shared/config/reward-presets.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import type { Output, TerminalCommand } from '../command.ts'
import { findSets } from '../find.ts'
import type { Session } from '../session.ts'
import { counted, escapeControls, fields, percent } from '../text.ts'
import {
  addTrainingOptions,
  givenConfig,
  resumeRun,
  type TrainingOptions,
  trainingResult,
} from '../training-run.ts'
import { findParent } from './checkpoint.ts'

interface Options extends TrainingOptions {
  checkpoint?: string
  rankings?: string[]
}

export const reward: TerminalCommand<Options> = {
  name: 'reward',
  summary: 'phase 3: learn to score answers, from rankings',
  engine: () => 'node',
  declare(command) {
    command
      .option(
        '--checkpoint <checkpoint>',
        'the fine-tuned model to start from; by default the newest of phase 2',
      )
      .option('--rankings <sets...>', 'ids or names; by default the only set that has rankings')
    addTrainingOptions(command, ['checkpoint', 'rankings'])
  },
  async run(session, _, options) {
    const trained =
      options.resume === undefined
        ? await start(session, options)
        : await resumeRun(session, 'reward', options.resume, options.set)
    const { checkpoint } = trained.json as { checkpoint: string | null }
    if (trained.failure !== undefined || checkpoint === null) return trained
    const report = await session.job<RewardReport>('reward.measure', { checkpoint })
    return {
      json: { ...trained.json, ...reportJson(report) },
      text: `${trained.text}\n\n${reportText(report)}`,
    }
  },
}

/** The keys of design page §7; the report itself is in the app. Accuracies are shares of pairs. */
export const reportJson = ({ validation, clean, agreement, judges, verdict }: RewardReport) => ({
  valAccuracy: validation.accuracy.share,
  valAccuracyInterval: [validation.accuracy.low, validation.accuracy.high],
  cleanAccuracy: clean?.accuracy.share ?? null,
  ceiling: agreement.ceiling?.share ?? null,
  judges: Object.fromEntries(judges.map(({ kind, accuracy }) => [kind, accuracy.share])),
  verdict: verdict.level,
  summary: verdict.summary,
  reasons: verdict.reasons.map(({ code, level, text }) => ({ code, level, text })),
})

export function reportText({ validation, clean, agreement, judges, verdict }: RewardReport): string {
  const { share, low, high, n } = validation.accuracy
  const { ceiling } = agreement
  return [
    fields([
      [
        'held-out accuracy, of pairs',
        `${percent(share)} (${percent(low)} to ${percent(high)}), ${counted(n, 'pair')}`,
      ],
      ['without label noise', clean ? percent(clean.accuracy.share) : undefined],
      [
        'labelers agree',
        ceiling ? `${percent(ceiling.share)} (${ceiling.source})` : 'too little was measured',
      ],
      ...judges.map(({ title, accuracy }) => [title, percent(accuracy.share)] as const),
    ]),
    `${verdict.level.toUpperCase()}  ${escapeControls(verdict.summary)}`,
    ...verdict.reasons.map(({ level, text, fix }) =>
      escapeControls(`  ${level}: ${text}${fix === null ? '' : ` – ${fix}`}`),
    ),
  ].join('\n')
}

async function start(session: Session, options: Options): Promise<Output> {
  const config = givenConfig(options, rewardPresets, rewardFields)
  parseRewardConfig(config)
  const all = await session.call('preferences.list', {})
  const request = {
    checkpoint: await findParent(session, options.checkpoint, 'sft'),
    sets: findSets(
      options.rankings,
      all,
      all.filter(({ pairs }) => pairs > 0),
      {
        data: 'rankings',
        list: 'rank list',
        fix: 'make some with andromeda rank',
      },
    ),
    config,
  }
  const { problems, parameters, examples } = await session.call('reward.estimate', request)
  if (problems[0]) throw new LabError(problems[0])
  const { prompts, pairs, refused, steps } = examples!
  session.progress.note(
    `Training ${counted(parameters.total, 'parameter')} on ${counted(pairs.train, 'pair')} of ${counted(prompts.train, 'prompt')} in ${counted(steps, 'step')}; ${counted(prompts.validation, 'prompt')} kept for validation, ${refused.toLocaleString('en-US')} refused`,
  )
  const { run } = await session.call('reward.start', {
    ...request,
    ...(options.name === undefined ? {} : { name: options.name }),
  })
  return trainingResult(session, await session.run(run))
}
