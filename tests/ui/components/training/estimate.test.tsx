// A problem that the core finds in a recipe, as the form says it.
import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { EstimateBox } from '../../../../src-renderer/ui/components/training/estimate-box.tsx'
import { inFormWords } from '../../../../src-renderer/ui/components/training/recipe-fields.ts'
import { checkedPpoConfig, ppoFields } from '../../../../src-shared/config/ppo-config.ts'
import { type LabErrorFacts, sentence, toFacts } from '../../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../../src-shared/contract/lab-contract.ts'

const refused = (config: Record<string, unknown>): LabErrorFacts => {
  try {
    checkedPpoConfig(config)
  } catch (error) {
    return toFacts(error)
  }
  throw new Error('it was accepted')
}

const estimate: Estimate = {
  parameters: { embedding: 10, blocks: 20, head: 3, total: 33, matmul: 30 },
  memory: { weights: 1, optimizer: 2, activations: 3, total: 6, available: 4, fits: false },
  tokensPerStep: 17,
  plannedTokens: 51,
  tokensPerParameter: 1.5,
  flops: 9,
  minutes: 3,
  problems: [],
}

describe('A problem of the core', () => {
  test('names fields as the form does', () => {
    expect(sentence(inFormWords(ppoFields, refused({ steps: 3, valueWarmupUpdates: 4 })))).toBe(
      'the run ends before the policy learns: in all its updates only the value model does: expected “Value warm-up” below updates, 3, got 4. Make more updates, or set “Value warm-up” to 0.',
    )
    expect(sentence(inFormWords(ppoFields, refused({ klCoef: 0, klTarget: 0.5 })))).toContain(
      'a “KL coefficient β” above 0 where “KL target” is',
    )
    const elsewhere = { code: 'bad-input', what: 'it has no constructor', where: 'row 3', fix: 'x' } as const
    expect(inFormWords(ppoFields, elsewhere)).toEqual(elsewhere)
  })

  test('strikes out the figures that were made of wrong input, and not those of what does not fit', () => {
    const drawn = (code: LabErrorFacts['code']) =>
      renderToString(
        <MantineProvider>
          <EstimateBox
            estimate={estimate}
            problems={[{ code, what: 'it cannot be', fix: 'change it' }]}
            error={null}
            wrongField={null}
          />
        </MantineProvider>,
      )
    expect(drawn('bad-input')).toContain('line-through')
    expect(drawn('no-space')).not.toContain('line-through')
  })
})
