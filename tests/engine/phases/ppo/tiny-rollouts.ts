// Answers of odd lengths, as a policy of a small vocabulary could have written them.
import type { Rollouts } from '../../../../src-renderer/engine/phases/ppo/experience.ts'
import { rolloutsOf } from '../../../../src-renderer/engine/phases/ppo/rollouts.ts'
import { randomStream } from '../../../../src-shared/random/counter.ts'

/** @param lengths of each prompt and its response */
export function rolloutsOfLengths(
  lengths: readonly (readonly [prompt: number, response: number])[],
  vocabularySize: number,
  name = 'rollouts',
): Rollouts {
  const random = randomStream(13, `test/${name}`)
  const ids = (n: number) => Int32Array.from({ length: n }, () => random.integer(vocabularySize))
  return rolloutsOf(
    lengths.map(([prompt]) => ids(prompt)),
    lengths.map(([, response]) => ids(response)),
    lengths.map((_, i) => i % 3 !== 2),
  )
}
