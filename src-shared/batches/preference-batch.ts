// Responses packed into rows, and their pairs, as the engine reads them.
import type { PreferenceBatch } from '../contract/engine-contract.ts'
import { packedTokens } from './packed-tokens.ts'
import { packBestFit } from './packing.ts'
import type { PreferenceExample } from './preference-example.ts'

/**
 * All responses of the examples, each once, packed as tightly as rows of at most `contextLength` allow; a response sees
 * nothing of the others, so packing changes no score.
 * @param padToken any id: nothing is read there
 */
export function preferenceBatch(
  examples: readonly PreferenceExample[],
  contextLength: number,
  padToken: number,
): PreferenceBatch {
  const responses = examples.flatMap(example => example.responses)
  const lengths = responses.map(response => response.length)
  const rows = [...packBestFit(lengths, contextLength, i => i)]
  const length = rows.reduce(
    (longest, row) =>
      Math.max(
        longest,
        row.reduce((sum, response) => sum + lengths[response]!, 0),
      ),
    0,
  )
  const ends = new Int32Array(responses.length)
  const packed = packedTokens(
    rows,
    length,
    padToken,
    response => responses[response]!,
    (response, place) => {
      ends[response] = place + lengths[response]! - 1
    },
  )
  return { ...packed, ends, ...pairsOfBatch(examples) }
}

/** Pairs of all examples, as indices into their responses one after another. */
function pairsOfBatch(
  examples: readonly PreferenceExample[],
): Pick<PreferenceBatch, 'winners' | 'losers' | 'weights' | 'prompts'> {
  const winners: number[] = []
  const losers: number[] = []
  const weights: number[] = []
  let first = 0
  for (const { responses, pairs } of examples) {
    for (const [winner, loser] of pairs) {
      winners.push(first + winner)
      losers.push(first + loser)
      weights.push(1 / pairs.length)
    }
    first += responses.length
  }
  return {
    winners: Int32Array.from(winners),
    losers: Int32Array.from(losers),
    weights: Float32Array.from(weights),
    prompts: examples.filter(({ pairs }) => pairs.length > 0).length,
  }
}
