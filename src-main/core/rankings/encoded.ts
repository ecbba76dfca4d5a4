// Preferences as a reward model reads them: prompts and responses through the chat template, split by prompt, refused where
// a response does not fit.
import { type PreferenceExample, responseTokens } from '../../../src-shared/batches/preference-example.ts'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { RefusedPrompt } from '../../../src-shared/contract/reward-contract.ts'
import { countingRankings, type PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { comparedResponses, type Pair, pairsOf } from '../../../src-shared/preferences/ranked-pairs.ts'
import { truncated } from '../../../src-shared/text/truncated.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { takeTurns } from '../jobs/turns.ts'
import { isValidationPrompt, promptKey } from './prompt-key.ts'

export interface EncodedPrompt extends PreferenceExample {
  readonly messages: readonly ChatMessage[]
}

export interface EncodedPreferences {
  readonly train: readonly EncodedPrompt[]
  readonly validation: readonly EncodedPrompt[]
  readonly refused: readonly RefusedPrompt[]
  /** Different ones: the same prompt may stand in several sets. */
  readonly distinct: { readonly train: number; readonly validation: number }
  /** Prompts that make no pair. */
  readonly withoutPairs: number
  readonly ties: number
}

const EXCERPT_CHARACTERS = 120

/** All labelers count, each with the latest ranking; simulated ones where no person has judged. @returns indices of the row's responses */
export function pairsOfRow(row: Pick<PreferenceRow, 'rankings'>): { pairs: Pair[]; ties: number } {
  const said = countingRankings(row).map(pairsOf)
  return {
    pairs: said.flatMap(({ pairs }) => pairs),
    ties: said.reduce((sum, { ties }) => sum + ties, 0),
  }
}

/** @throws LabError `bad-input` for roles out of turn, `unsupported` for a tokenizer without roles */
export async function encodePreferences(
  rows: Iterable<PreferenceRow> | AsyncIterable<PreferenceRow>,
  tokenizer: Tokenizer,
  { contextLength, validationShare }: { contextLength: number; validationShare: number },
): Promise<EncodedPreferences> {
  const train: EncodedPrompt[] = []
  const validation: EncodedPrompt[] = []
  const refused: RefusedPrompt[] = []
  const keys = { train: new Set<string>(), validation: new Set<string>() }
  let withoutPairs = 0
  let ties = 0
  const othersTurn = takeTurns()
  for await (const row of rows) {
    const said = pairsOfRow(row)
    ties += said.ties
    if (said.pairs.length === 0) withoutPairs++
    else {
      const prompt = encodePrompt(row, said.pairs, tokenizer)
      const longest = prompt.responses.reduce((most, { length }) => Math.max(most, length), 0)
      if (longest > contextLength) refused.push(refusal(row, longest, contextLength))
      else {
        const key = promptKey(row.prompt)
        const side = isValidationPrompt(key, validationShare) ? 'validation' : 'train'
        ;(side === 'train' ? train : validation).push(prompt)
        keys[side].add(key)
      }
    }
    await othersTurn()
  }
  const distinct = { train: keys.train.size, validation: keys.validation.size }
  return { train, validation, distinct, refused, withoutPairs, ties }
}

/** Only with the responses that some pair compares. */
function encodePrompt(
  { prompt, responses }: PreferenceRow,
  pairs: readonly Pair[],
  tokenizer: Tokenizer,
): EncodedPrompt {
  const { compared, placeOf } = comparedResponses(pairs)
  return {
    messages: prompt,
    responses: compared.map(i => {
      const { text, stopped = true } = responses[i]!
      return Int32Array.from(responseTokens(tokenizer, prompt, { text, stopped }))
    }),
    pairs: pairs.map(([winner, loser]) => [placeOf(winner), placeOf(loser)]),
  }
}

function refusal(
  { set = '', number = 0, prompt }: PreferenceRow,
  tokens: number,
  contextLength: number,
): RefusedPrompt {
  const text = prompt.at(-1)?.content ?? ''
  return {
    set,
    number,
    tokens,
    reason: `prompt and response are ${tokens} tokens and do not fit the model's context of ${contextLength}`,
    excerpt: truncated(text, EXCERPT_CHARACTERS),
  }
}
