// Phase 2 of a build: demonstrations of the starter world, a fine-tuned model, and what it knows beside its base.
import { parseSftConfig } from '../../../src-shared/config/sft-config.ts'
import type { DemonstrationImport } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { EvaluationReport, TruthShares } from '../../../src-shared/contract/evaluation-contract.ts'
import { evaluationSet } from '../../../src-shared/starter-world/evaluation.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { drill, type Score, scoreOf } from '../evaluation/world-drill.ts'
import { lastCheckpoint, runResult } from './run-result.ts'
import type { DemoLab, DemoStep } from './step.ts'

/** Shares are 0–1, all answers greedy, through the chat template, exact. */
export type DemoSft = ReturnType<typeof runResult> & {
  readonly baseCheckpoint: string
  readonly demonstrations: { readonly train: number; readonly validation: number; readonly refused: number }
  /** Facts that no later phase asks about, in phrasings that none uses. */
  readonly knownFactAccuracy: { readonly base: number; readonly sft: number }
  /** Facts that demonstrations ask about, in their phrasings. */
  readonly askedFactAccuracy: number
  /** Answers that the model ended itself, over all questions. */
  readonly stopRate: number
  /** Invented answers about names that nobody bears. */
  readonly fabricationRate: number
  readonly scores: {
    readonly base: { readonly known: TruthShares }
    readonly sft: {
      readonly asked: Score
      readonly known: TruthShares
      readonly unknown: TruthShares
      readonly tasks: Pick<Score, 'correct' | 'abstains' | 'fabricates' | 'questions'>
    }
  }
  readonly examples: readonly { readonly prompt: string; readonly base: string; readonly sft: string }[]
}

const EXAMPLES = 6

export const sftSteps: readonly DemoStep[] = [
  {
    name: 'demonstrations',
    phase: 'sft',
    title: 'Writing demonstrations',
    async work({ lab, seed, recipe, job, remember }) {
      const rows = recipe.demonstrations
      const started = await lab.handlers['demonstrations.fromStarterWorld']({ seed, rows })
      remember({ demonstrations: (await job<DemonstrationImport>(started.job)).set })
    },
  },
  {
    name: 'sft',
    phase: 'sft',
    title: 'Fine-tuning',
    async work({ lab, seed, recipe, made, finish, remember }) {
      if (!made.sftRun) {
        const base = await lastCheckpoint(lab, made.pretrainRun!)
        const { run } = await lab.handlers['sft.start']({
          name: `Starter world ${seed} fine-tuned`,
          checkpoint: base.id,
          sets: [made.demonstrations!],
          config: parseSftConfig({ ...recipe.sft, seed }),
        })
        remember({ sftRun: run })
      }
      await finish(made.sftRun!)
    },
  },
]

/** Beside the evaluation, which asks about nothing that was practised. */
export const askedStep: DemoStep = {
  name: 'asked',
  phase: 'evaluate',
  title: 'Asking the fine-tuned model what it practised',
  async work({ lab, seed, made, signal, progress, remember }) {
    const { asked } = evaluationSet(makeWorld(seed), 'test')
    const { id } = await lastCheckpoint(lab, made.sftRun!)
    const onProgress = (written: number) => progress(written / asked.length)
    remember({ asked: scoreOf(await drill(lab.questions, id, asked, { signal, onProgress })) })
  },
}

/** @param report of base and sft, and perhaps others */
export async function sftResult(
  lab: DemoLab,
  run: string,
  asked: Score,
  report: EvaluationReport,
): Promise<DemoSft> {
  const ended = await lab.handlers['runs.show']({ run })
  const { train, validation, refused } = ended.data.demonstrations!
  const [base, sft] = [report.truthfulness.base!, report.truthfulness.sft!]
  const manner = report.manner.find(({ label, temperature }) => label === 'sft' && temperature === 0)!
  const { tasks, abstainsOnTasks, stopped } = manner
  const { rows } = await lab.handlers['evaluation.answers']({
    evaluation: report.evaluation,
    filter: { set: 'known', temperature: 0 },
    offset: 0,
    limit: EXAMPLES,
  })
  return {
    ...runResult(ended, await lastCheckpoint(lab, run)),
    baseCheckpoint: ended.parentCheckpoint!,
    demonstrations: { train, validation, refused },
    knownFactAccuracy: { base: base.known.correct, sft: sft.known.correct },
    askedFactAccuracy: asked.correct,
    stopRate: (asked.stopped * asked.questions + stopped.share * stopped.n) / (asked.questions + stopped.n),
    fabricationRate: sft.unknown.fabricates,
    scores: {
      base: { known: base.known },
      sft: {
        asked,
        known: sft.known,
        unknown: sft.unknown,
        tasks: {
          correct: tasks.share,
          abstains: abstainsOnTasks.share,
          fabricates: 1 - tasks.share - abstainsOnTasks.share,
          questions: tasks.n,
        },
      },
    },
    examples: rows.map(({ messages, answers }) => ({
      prompt: messages.at(-1)!.content,
      base: answers.find(({ label }) => label === 'base')!.text,
      sft: answers.find(({ label }) => label === 'sft')!.text,
    })),
  }
}
