// One step of a build: a job or a run, begun once, remembered as soon as it is there, and gone on with after any cut.
import * as v from 'valibot'
import type { BuildPhase } from '../../../src-shared/contract/build-contract.ts'
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Lab } from '../lab.ts'
import type { DemoRecipe } from './recipes.ts'

export const stepNames = [
  'world',
  'tokenizer',
  'pretrain',
  'demonstrations',
  'sft',
  'answers',
  'rankings',
  'reward',
  'ppo',
  'asked',
  'judged',
  'evaluation',
  'report',
] as const
export type StepName = (typeof stepNames)[number]

/** Shares of the answers, 0–1. */
const score = v.object({
  correct: v.number(),
  abstains: v.number(),
  fabricates: v.number(),
  stopped: v.number(),
  questions: v.number(),
})

/** What a build has made so far. */
export const demoMade = v.object({
  /** Steps that are through. */
  done: v.optional(v.array(v.picklist(stepNames)), []),
  corpora: v.optional(v.array(v.object({ corpus: v.string(), weight: v.number() }))),
  tokenizer: v.optional(v.string()),
  pretrainRun: v.optional(v.string()),
  demonstrations: v.optional(v.string()),
  sftRun: v.optional(v.string()),
  preferences: v.optional(v.string()),
  rewardRun: v.optional(v.string()),
  ppoRun: v.optional(v.string()),
  /** The fine-tuned model on facts that demonstrations ask about. */
  asked: v.optional(score),
  evaluation: v.optional(v.string()),
  /** Answers to the same prompts, with the reward model's scores, for the report. */
  said: v.optional(
    v.array(
      v.object({
        prompt: v.string(),
        answers: v.array(
          v.object({
            label: v.string(),
            text: v.string(),
            stopped: v.boolean(),
            score: v.nullable(v.number()),
          }),
        ),
      }),
    ),
  ),
  report: v.optional(v.string()),
  device: v.optional(v.string()),
  backend: v.optional(v.string()),
})
export type DemoMade = v.InferOutput<typeof demoMade>

/** What a step is given. */
export interface StepContext {
  readonly build: string
  readonly lab: DemoLab
  readonly seed: number
  readonly createdAt: string
  readonly recipe: DemoRecipe
  readonly made: DemoMade
  readonly signal: AbortSignal
  /** On the disk when it returns. */
  remember(change: Partial<DemoMade>): void
  /** 0–1 of this step. */
  progress(done: number): void
  /** Waits for a job, tells its progress, and cancels it when the build is. @throws LabError its error */
  job<T>(job: string): Promise<T>
  /** Waits until a run is through, from wherever it stands. @throws LabError when it does not finish */
  finish(run: string): Promise<RunSummary>
}

export type DemoLab = Pick<
  Lab,
  'handlers' | 'waitForJob' | 'waitForRun' | 'activeRuns' | 'subscribe' | 'questions' | 'rewardScores'
>

export interface DemoStep {
  readonly name: StepName
  readonly phase: BuildPhase
  readonly title: string
  /** Run again after a cut: it begins nothing that `made` already knows. */
  work(context: StepContext): Promise<void>
}
