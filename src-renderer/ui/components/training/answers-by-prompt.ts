// Answers side by side: what the base said to a prompt before any training, and what it says now.
import type { Sample } from '../../../../src-shared/contract/lab-contract.ts'
import { bySteps } from './sample-diff.ts'

export interface PromptAnswers {
  readonly prompt: number
  readonly text: string
  /** Before the first step; null = it was not asked then. */
  readonly base: Sample | null
  /** null until the first evaluation after it. */
  readonly newest: Sample | null
}

/** In the order of the prompts. */
export function answersByPrompt(samples: readonly Sample[]): PromptAnswers[] {
  const groups = bySteps(samples)
  const base = groups.find(group => group.step === 0)
  const newest = groups.find(group => group.step > 0)
  const prompts = new Map(
    [...(base?.samples ?? []), ...(newest?.samples ?? [])].map(sample => [sample.prompt, sample.promptText]),
  )
  return [...prompts]
    .sort(([a], [b]) => a - b)
    .map(([prompt, text]) => ({
      prompt,
      text,
      base: base?.samples.find(sample => sample.prompt === prompt) ?? null,
      newest: newest?.samples.find(sample => sample.prompt === prompt) ?? null,
    }))
}
