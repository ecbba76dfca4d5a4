// What the report of a build tells, gathered from what the workspace keeps: runs, curves, evaluation, and the answers that the
// last step had scored.
import {
  type BuildReport,
  HELD_OUT,
  type PhaseCost,
  type PhaseId,
  type ReportCurve,
  type ReportPhase,
} from '../../../src-shared/build-report/build-report.ts'
import { counted, decimal, percent } from '../../../src-shared/build-report/figures.ts'
import { goalsOf } from '../../../src-shared/build-report/goals.ts'
import { flopsPerToken } from '../../../src-shared/config/model-config.ts'
import { parsePpoConfig, ppoTrainedTokens } from '../../../src-shared/config/ppo-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Build } from '../database/queries/builds.ts'
import { type DemoResult, demoResult } from './demo-result.ts'
import type { DemoLab } from './step.ts'

const CURVE_POINTS = 200

/** @throws LabError `conflict` before the evaluation is through */
export async function demoReport(lab: DemoLab, build: Build): Promise<BuildReport> {
  const { id, seed, size, createdAt, made } = build
  if (!made.done.includes('evaluation') || !made.ppoRun)
    throw new LabError({
      code: 'conflict',
      what: 'this build has not come to its report yet',
      where: id,
      fix: 'go on with it; the report is its last step',
    })
  const result = await demoResult(lab, build)
  const evaluation = await lab.handlers['evaluation.show']({ evaluation: made.evaluation! })
  const runs: Readonly<Record<PhaseId, RunSummary>> = {
    pretrain: await lab.handlers['runs.show']({ run: made.pretrainRun! }),
    sft: await lab.handlers['runs.show']({ run: made.sftRun! }),
    reward: await lab.handlers['runs.show']({ run: made.rewardRun! }),
    ppo: await lab.handlers['runs.show']({ run: made.ppoRun }),
  }
  const { truthfulness, arithmetic, manner, winRates, judges } = evaluation
  return {
    build: id,
    seed,
    size,
    createdAt,
    device: made.device ?? 'this device',
    phases: await Promise.all(phaseIds.map(phase => phaseOf(lab, phase, runs[phase], result))),
    costs: phaseIds.map(phase => costOf(phase, runs[phase], result.minutes[phase]!)),
    evaluationMinutes: result.minutes.evaluate!,
    asked: made.said ?? [],
    judges: judges.map(({ id, name }) => ({ id, name })),
    winRates,
    findings: { truthfulness, arithmetic, manner },
    goals: goalsOf({ ...evaluation, kl: result.ppo!.kl, klTarget: result.ppo!.klTarget }),
  }
}

const phaseIds = ['pretrain', 'sft', 'reward', 'ppo'] as const satisfies readonly PhaseId[]

const curvesOf: Readonly<
  Record<
    PhaseId,
    readonly {
      readonly title: string
      readonly unit: string
      readonly lines: Readonly<Record<string, string>>
    }[]
  >
> = {
  pretrain: [{ title: 'Loss', unit: 'nats per token', lines: { loss: 'training', eval_loss: HELD_OUT } }],
  sft: [{ title: 'Loss', unit: 'nats per token', lines: { loss: 'training', eval_loss: HELD_OUT } }],
  reward: [
    { title: 'Loss', unit: 'nats per pair', lines: { loss: 'training', eval_loss: HELD_OUT } },
    {
      title: 'Pairs told rightly',
      unit: 'share',
      lines: { accuracy: 'training', eval_accuracy: HELD_OUT },
    },
  ],
  ppo: [
    {
      title: 'Reward',
      unit: 'deviations',
      lines: { 'objective/scores': 'training', eval_score: HELD_OUT },
    },
    {
      title: 'KL from SFT',
      unit: 'nats per answer',
      lines: { 'objective/kl': 'training', eval_kl: HELD_OUT },
    },
    { title: 'Preferred to SFT by the oracle', unit: 'share', lines: { eval_win_rate: HELD_OUT } },
  ],
}

async function phaseOf(
  lab: DemoLab,
  phase: PhaseId,
  run: RunSummary,
  result: DemoResult,
): Promise<ReportPhase> {
  const curves = curvesOf[phase]
  const names = curves.flatMap(({ lines }) => Object.keys(lines))
  const series = await lab.handlers['runs.series']({ run: run.id, names, points: CURVE_POINTS })
  return {
    phase,
    run: run.name,
    parameters: run.parameters,
    data: dataOf(run),
    results: resultsOf(phase, result),
    curves: curves.map(
      ({ title, unit, lines }): ReportCurve => ({
        title,
        unit,
        lines: Object.entries(lines).map(([name, shown]) => {
          const { steps, values } = series[name] ?? { steps: new Float64Array(), values: new Float64Array() }
          return { name: shown, points: [...steps].map((step, i) => [step, values[i]!] as const) }
        }),
      }),
    ),
    weightsSha256: result[phase]!.weightsSha256,
  }
}

function dataOf({ data, config, steps }: RunSummary): [string, string][] {
  const { sources, demonstrations, preferences, ppo } = data
  const total = sources.reduce((sum, { weight }) => sum + weight, 0)
  return [
    ...sources.map(({ name, weight, tokens }): [string, string] => [
      'Text',
      `${name}: ${counted(tokens)} tokens, ${percent(weight / total)} of the mixture`,
    ]),
    ...(demonstrations
      ? [
          [
            'Demonstrations',
            `${counted(demonstrations.train)}, ${counted(demonstrations.validation)} held out`,
          ] as [string, string],
        ]
      : []),
    ...(preferences
      ? [
          [
            'Comparisons',
            `${counted(preferences.pairs.train)} pairs of ${counted(preferences.prompts.train)} prompts by simulated labelers, ${counted(preferences.pairs.validation)} held out`,
          ] as [string, string],
        ]
      : []),
    ...(ppo
      ? [
          [
            'Prompts',
            `${counted(ppo.prompts.train)}, ${counted(ppo.prompts.validation)} held out; ${counted(steps * (config.batchSize as number))} answers written`,
          ] as [string, string],
        ]
      : []),
  ]
}

function resultsOf(phase: PhaseId, { pretrain, sft, reward, ppo }: DemoResult): [string, string][] {
  if (phase === 'pretrain')
    return [
      [
        'Held-out loss',
        `${decimal(pretrain.valLoss, 3)} nats per token, ${decimal(pretrain.valBitsPerByte, 3)} bits per byte`,
      ],
    ]
  if (phase === 'sft')
    return [
      ['Stops by itself', percent(sft!.stopRate)],
      ['Facts it practised', `${percent(sft!.askedFactAccuracy)} right`],
      [
        'Facts never asked',
        `base ${percent(sft!.knownFactAccuracy.base)}, SFT ${percent(sft!.knownFactAccuracy.sft)} right`,
      ],
    ]
  if (phase === 'reward')
    return [
      [
        'Held-out pairs',
        `${percent(reward!.valAccuracy)} right, ${percent(reward!.cleanAccuracy)} before the labels’ noise`,
      ],
      ['True over false', `${percent(reward!.truthAccuracy)} right`],
      ['Verdict', reward!.summary],
    ]
  return [
    ['Checkpoint', ppo!.taken],
    [
      'KL',
      `${decimal(ppo!.kl, 2)} nats per answer at temperature 1${ppo!.klTarget === null ? '' : `, target ${decimal(ppo!.klTarget, 2)}`}`,
    ],
    ['Reward', `${decimal(ppo!.reward, 2)} on held-out prompts at temperature 1`],
    [
      'Doctor',
      ppo!.doctor.map(({ step, text }) => `update ${step}: ${text}`).join(' ') || 'nothing was wrong',
    ],
  ]
}

/** Tokens read forward and back. */
function trainedTokens(phase: PhaseId, { tokens, step, model, config }: RunSummary): number {
  if (phase !== 'ppo') return tokens
  return step * ppoTrainedTokens(tokens / step, model.contextLength, parsePpoConfig(config))
}

const costOf = (phase: PhaseId, run: RunSummary, minutes: number): PhaseCost => ({
  phase,
  minutes,
  tokens: run.tokens,
  flops: trainedTokens(phase, run) * flopsPerToken(run.model),
})
