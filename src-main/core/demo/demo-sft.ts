// The demo's phase 2: demonstrations of the starter world, a fine-tuned model, and what it knows beside its base.
import { parseSftConfig } from '../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../src-shared/config/sft-presets.ts'
import type { DemonstrationImport } from '../../../src-shared/contract/demonstrations-contract.ts'
import { evaluationSet } from '../../../src-shared/starter-world/evaluation.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { drill, type Score, scoreOf } from '../evaluation/world-drill.ts'
import type { Lab } from '../lab.ts'
import { finished, type Narrate, runResult } from './demo-run.ts'

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
  readonly scores: { readonly base: Pick<Scores, 'known'>; readonly sft: Scores }
  readonly examples: readonly { readonly prompt: string; readonly base: string; readonly sft: string }[]
}

interface Scores {
  readonly asked: Score
  readonly known: Score
  readonly unknown: Score
  readonly tasks: Score
}

const EXAMPLES = 6

/** @throws LabError when the run did not finish */
export async function sftDemo(
  lab: Lab,
  seed: number,
  base: string,
  narrate: Narrate,
): Promise<{ readonly checkpoint: string; evaluate(signal?: AbortSignal): Promise<DemoSft> }> {
  const preset = sftPresets['starter-world']!
  const config = parseSftConfig({ ...preset.config, seed })

  narrate('Writing demonstrations')
  const { job } = await lab.handlers['demonstrations.fromStarterWorld']({ seed, rows: preset.demonstrations })
  const { set } = await lab.waitForJob<DemonstrationImport>(job)

  const { run } = await lab.handlers['sft.start']({
    name: `Starter world ${seed} fine-tuned`,
    checkpoint: base,
    sets: [set],
    config,
  })
  narrate(`Fine-tuning for ${(await lab.handlers['runs.show']({ run })).steps} steps`)
  const { ended, checkpoint } = await finished(lab, run)
  const { train, validation, refused } = ended.data.demonstrations!

  async function evaluate(signal?: AbortSignal): Promise<DemoSft> {
    narrate('Asking base and fine-tuned model what nobody asked them before')
    const questions = evaluationSet(makeWorld(seed), 'test')
    const ask = (model: string, set: keyof Scores) =>
      drill(lab.questions, model, questions[set], signal ? { signal } : {})
    const ofBase = await ask(base, 'known')
    const answers = {
      asked: await ask(checkpoint.id, 'asked'),
      known: await ask(checkpoint.id, 'known'),
      unknown: await ask(checkpoint.id, 'unknown'),
      tasks: await ask(checkpoint.id, 'tasks'),
    }
    const sft: Scores = {
      asked: scoreOf(answers.asked),
      known: scoreOf(answers.known),
      unknown: scoreOf(answers.unknown),
      tasks: scoreOf(answers.tasks),
    }
    const known = scoreOf(ofBase)
    return {
      ...runResult(ended, checkpoint),
      baseCheckpoint: base,
      demonstrations: { train, validation, refused },
      knownFactAccuracy: { base: known.correct, sft: sft.known.correct },
      askedFactAccuracy: sft.asked.correct,
      stopRate: scoreOf(Object.values(answers).flat()).stopped,
      fabricationRate: sft.unknown.fabricates,
      scores: { base: { known }, sft },
      examples: ofBase.slice(0, EXAMPLES).map(({ question, text }, i) => ({
        prompt: question.prompt,
        base: text,
        sft: answers.known[i]!.text,
      })),
    }
  }
  return { checkpoint: checkpoint.id, evaluate }
}
