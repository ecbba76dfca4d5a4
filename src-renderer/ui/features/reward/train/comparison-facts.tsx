// What the chosen preferences become: prompts, pairs, ties, contradictions, those refused, the ceiling, the steps.
import { Anchor, Text } from '@mantine/core'
import type { RewardExamples } from '../../../../../src-shared/contract/reward-contract.ts'
import { EstimateFact } from '../../../components/training/estimate-box.tsx'
import { formatCompact, formatCount, formatCounted } from '../../../format.ts'
import { ceilingSentence, shareText } from '../agreement-words.ts'

export function ComparisonFacts({
  examples,
  onRefused,
}: {
  examples: RewardExamples | null
  /** Lists the refused prompts. */
  onRefused: () => void
}) {
  if (!examples) return null
  const {
    prompts,
    distinct,
    pairs,
    responses,
    withoutPairs,
    ties,
    contradictions,
    refused,
    tokens,
    longest,
    steps,
  } = examples
  const { ceiling, noCeiling } = examples.agreement
  return (
    <>
      <EstimateFact
        name="Prompts"
        meaning={`${formatCount(prompts.train)} to train on, ${formatCount(prompts.validation)} kept for validation with all their pairs; ${formatCounted(responses, 'response')} in all, the longest of ${formatCounted(longest, 'token')} with its prompt.`}
      >
        {formatCount(prompts.train)} + {formatCount(prompts.validation)}
      </EstimateFact>
      {distinct.train + distinct.validation < prompts.train + prompts.validation && (
        <EstimateFact
          name="Different prompts"
          meaning="The same prompt stands in several of the chosen sets, or several times in one. It is trained on each time, but tells the model less than another prompt."
        >
          {formatCount(distinct.train)} + {formatCount(distinct.validation)}
        </EstimateFact>
      )}
      <EstimateFact
        name="Pairs"
        meaning={`K ranked responses make K·(K−1)/2 pairs. All pairs of a prompt are one element of a batch (Ouyang et al. 2022): ${formatCount(pairs.train)} to train on, ${formatCount(pairs.validation)} for validation.`}
      >
        {formatCount(pairs.train)} + {formatCount(pairs.validation)}
      </EstimateFact>
      {ties > 0 && (
        <EstimateFact name="Ties" meaning="Pairs of equal rank: they say nothing and are left out.">
          {formatCount(ties)}
        </EstimateFact>
      )}
      {contradictions > 0 && (
        <EstimateFact
          name="Contradictions"
          meaning="The same two responses, ordered both ways. They stay: what people do not agree on is uncertain, and the model learns that too."
        >
          {formatCount(contradictions)}
        </EstimateFact>
      )}
      {withoutPairs > 0 && (
        <EstimateFact
          name="Without pairs"
          meaning="Prompts that were skipped, all bad, all ties, or are not ranked yet."
        >
          {formatCounted(withoutPairs, 'prompt')}
        </EstimateFact>
      )}
      <EstimateFact name="Reads" meaning="Tokens of the training responses, prompt and template included.">
        {formatCompact(tokens)} tokens
      </EstimateFact>
      <EstimateFact name="Steps" meaning="Optimizer steps of the whole run.">
        {formatCount(steps)}
      </EstimateFact>
      <EstimateFact name="Ceiling" meaning={ceilingSentence(ceiling, noCeiling)}>
        {ceiling ? shareText(ceiling) : noCeiling?.code === 'too-few' ? 'too few to say' : 'not measured'}
      </EstimateFact>
      {refused > 0 && (
        <EstimateFact
          name="Refused"
          meaning="A response does not fit the context; a click lists the prompts."
        >
          <Anchor component="button" type="button" fz="xs" c="var(--lab-warn)" onClick={onRefused}>
            {formatCounted(refused, 'prompt')} ▲
          </Anchor>
        </EstimateFact>
      )}
    </>
  )
}

/** Below these, the estimate says what a reward model of so few prompts is worth (the verdict has the same bounds). */
const VERY_FEW = 50
const FEW = 200

/** Said before the run, where its verdict could hardly be green. */
export function FewPrompts({ examples }: { examples: RewardExamples | null }) {
  if (!examples || examples.distinct.train >= FEW || examples.distinct.train === 0) return null
  return (
    <Text fz="xs" c="var(--lab-warn)" role="status" mt={4}>
      {examples.distinct.train < VERY_FEW
        ? `Only ${formatCounted(examples.distinct.train, 'prompt')}: enough to try it, not to judge with.`
        : `${formatCounted(examples.distinct.train, 'prompt')}: a simple style can be learnt from these, little else.`}{' '}
      Rank more, or import some.
    </Text>
  )
}
