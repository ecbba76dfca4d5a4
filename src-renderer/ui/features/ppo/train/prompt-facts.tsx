// What the chosen prompts become, in the estimate: how many are learnt from, kept out and refused, and how often each comes.
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PpoPrompts } from '../../../../../src-shared/contract/ppo-contract.ts'
import { EstimateFact } from '../../../components/training/estimate-box.tsx'
import { formatCompact, formatCount, formatCounted } from '../../../format.ts'

export function PromptFacts({
  prompts,
  estimate,
}: {
  prompts: PpoPrompts | null
  estimate: Estimate | undefined
}) {
  if (!prompts) return <span />
  const { train, validation, refused, longest, epochs } = prompts
  return (
    <>
      <EstimateFact
        name="Prompts"
        meaning="Answered in training, and held out to compare with the fine-tuned model on."
      >
        {formatCount(train)} + {formatCount(validation)}
      </EstimateFact>
      <EstimateFact name="Each" meaning="How often every prompt is answered in the whole run.">
        {Number(epochs.toPrecision(2))}×
      </EstimateFact>
      <EstimateFact name="Longest" meaning="The longest prompt, chat template included.">
        {formatCount(longest)} tokens
      </EstimateFact>
      {estimate && (
        <EstimateFact
          name="Reads"
          meaning="Tokens read forward and back, every epoch counted: prompts and answers, which four models score before, and the texts of phase 1 where they are mixed in."
        >
          {formatCompact(estimate.plannedTokens)} tokens
        </EstimateFact>
      )}
      {refused > 0 && (
        <EstimateFact name="Refused" meaning="Too long for the context to leave room for an answer.">
          {formatCounted(refused, 'prompt')}
        </EstimateFact>
      )}
    </>
  )
}
