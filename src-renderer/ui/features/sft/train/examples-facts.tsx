// What the chosen rows become: examples, those refused, how they are packed, how many steps it takes.
import { Anchor, Text } from '@mantine/core'
import type { SftExamples } from '../../../../../src-shared/contract/sft-contract.ts'
import { useApp } from '../../../app-state.ts'
import { EstimateFact } from '../../../components/training/estimate-box.tsx'
import { formatCompact, formatCount, formatCounted, formatPercent } from '../../../format.ts'

export function ExamplesFacts({ examples }: { examples: SftExamples | null }) {
  if (!examples) return null
  const { train, validation, refused, tokens, trainedTokens, longest, rowsPerEpoch, padding, steps } =
    examples
  return (
    <>
      <EstimateFact
        name="Examples"
        meaning={`${formatCount(train)} to train on, ${formatCount(validation)} kept for validation; the longest has ${formatCount(longest)} tokens.`}
      >
        {formatCount(train)} + {formatCount(validation)}
      </EstimateFact>
      <EstimateFact
        name="Trained tokens"
        meaning={`Of the ${formatCount(tokens)} tokens of the training examples, ${formatCount(trainedTokens)} are in a response and count in the loss.`}
      >
        {formatCompact(trainedTokens)} ({tokens > 0 ? formatPercent(trainedTokens / tokens) : '0%'})
      </EstimateFact>
      <EstimateFact
        name="Packed"
        meaning={`Examples are packed into ${formatCount(rowsPerEpoch)} rows of the context's length per epoch, without attention across examples; ${formatPercent(padding)} of the places stay empty.`}
      >
        {formatCounted(rowsPerEpoch, 'row')}, {formatPercent(1 - padding)} full
      </EstimateFact>
      <EstimateFact name="Steps" meaning="Optimizer steps of the whole run.">
        {formatCount(steps)}
      </EstimateFact>
      {refused > 0 && (
        <EstimateFact
          name="Refused"
          meaning="Longer than the context, or without a trained token: the Mask view lists them."
        >
          <Anchor
            component="button"
            type="button"
            fz="xs"
            c="var(--lab-warn)"
            onClick={() => useApp.getState().showSft('mask')}
          >
            {formatCounted(refused, 'row')} ▲
          </Anchor>
        </EstimateFact>
      )}
    </>
  )
}

/** Said where a base is too small for these rows: few of them would be learnt from. */
export function MostRefused({ examples }: { examples: SftExamples | null }) {
  if (!examples || examples.refused <= examples.train) return null
  const all = examples.train + examples.validation + examples.refused
  return (
    <Text fz="xs" c="var(--lab-warn)" role="status" mt={4}>
      Most rows do not fit this base: {formatCount(examples.refused)} of {formatCount(all)} would be left out.
      A base with a longer context could learn from them.
    </Text>
  )
}
