// A prompt of a run's preferences with what the reward model says of its responses.
import type { ChatMessage } from '../contract/demonstrations-contract.ts'
import { countingRankings, type PreferenceRow } from '../preferences/preference-row.ts'
import { pairsOf } from '../preferences/ranked-pairs.ts'

export interface MeasuredResponse {
  readonly text: string
  /** Length of the text, as labelers see it and the policies by length count it. */
  readonly characters: number
  /** As the head gave it. */
  readonly raw: number
  /** Normalised: mean 0 and standard deviation 1 over fresh answers of the fine-tuned model. */
  readonly score: number
}

/** One labeler's word on two responses. */
export interface LabeledPair {
  /** Indices of responses. */
  readonly winner: number
  readonly loser: number
  readonly labeler: string
  /** Of a simulated labeler: whether it is as the policy has it, before noise; and how often pairs are turned round. */
  readonly simulated: { readonly clean: boolean; readonly noise: number } | null
}

export interface MeasuredPrompt {
  /** Equal for equal prompts. */
  readonly key: string
  readonly set: string
  readonly number: number
  readonly messages: readonly ChatMessage[]
  readonly responses: readonly MeasuredResponse[]
  readonly pairs: readonly LabeledPair[]
}

/** The pairs that a run is trained on, in its order. */
export function labeledPairs(row: Pick<PreferenceRow, 'rankings'>): LabeledPair[] {
  return countingRankings(row).flatMap(judgement => {
    const { labeler, ranks, simulation } = judgement
    return pairsOf(judgement).pairs.map(([winner, loser]) => ({
      winner,
      loser,
      labeler,
      // A simulated labeler's ranks are its policy's, its pairs what noise left of them.
      simulated: simulation
        ? { clean: (ranks[winner] ?? 0) < (ranks[loser] ?? 0), noise: simulation.noise }
        : null,
    }))
  })
}

/** A pair of `labeledPairs` with the difference of its scores. */
export interface ScoredPair extends LabeledPair {
  readonly prompt: MeasuredPrompt
  /** r_w − r_l, normalised. */
  readonly margin: number
  readonly rawMargin: number
}

export const scoredPairs = (prompts: readonly MeasuredPrompt[]): ScoredPair[] =>
  prompts.flatMap(prompt =>
    prompt.pairs.map(pair => {
      const winner = prompt.responses[pair.winner]!
      const loser = prompt.responses[pair.loser]!
      return {
        ...pair,
        prompt,
        margin: winner.score - loser.score,
        rawMargin: winner.raw - loser.raw,
      }
    }),
  )
