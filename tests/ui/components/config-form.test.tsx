import { MantineProvider } from '@mantine/core'
import fc from 'fast-check'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { ConfigForm, configErrors } from '../../../src-renderer/ui/components/config-form.tsx'
import { parseNumber } from '../../../src-renderer/ui/components/number-field.tsx'
import { linesFromTexts, textsFromLines } from '../../../src-renderer/ui/components/texts-field.tsx'
import { modelFields } from '../../../src-shared/config/model-config.ts'
import { pretrainFields } from '../../../src-shared/config/pretrain-config.ts'

const draw = (values: Record<string, unknown>) =>
  renderToString(
    <MantineProvider>
      <ConfigForm fields={pretrainFields} values={values} onChange={() => {}} />
    </MantineProvider>,
  )

describe('a form made from a table of fields', () => {
  test('shows basic fields and folds the advanced ones', () => {
    const html = draw({})
    for (const field of Object.values(pretrainFields).filter(each => each.level === 'basic'))
      expect(html).toContain(`>${field.label}<`)
    expect(html).not.toContain(`>${pretrainFields.beta2.label}<`)
    expect(html).toContain('aria-expanded="false"')
  })

  test('gives every field its meaning, without a second stop for the Tab key', () => {
    const html = draw({})
    expect(html).toContain(`aria-description="${pretrainFields.steps.meaning}`)
    expect(html).not.toContain('<dfn tabindex')
  })

  test('says how many folded fields differ from their default and how many are wrong', () => {
    expect(draw({ beta2: 0.95, seed: 7 }).replaceAll('<!-- -->', '')).toContain('Advanced · 2 changed')
    expect(draw({ beta2: 7 }).replaceAll('<!-- -->', '')).toContain('1 to correct')
  })

  test('names what is wrong with each field, and only there', () => {
    expect(configErrors(pretrainFields, { steps: 2000, batchSize: 0, learningRate: '' })).toEqual({
      batchSize: 'must be at least 1',
      learningRate: 'a number is needed, such as 2000 or 3e-4',
    })
    expect(configErrors(modelFields, {})).toEqual({})
  })

  test('numbers are read as this field writes them, and nothing else is taken for one', () => {
    expect(['2000', ' 3e-4 ', '.5', '−1', '+2', '1E5', '5.'].map(parseNumber)).toEqual([
      2000, 3e-4, 0.5, -1, 2, 1e5, 5,
    ])
    for (const text of ['', '3e', '2,000', '1 000', '0x10', 'Infinity', 'NaN', '--1', '1.2.3'])
      expect(parseNumber(text)).toBeNull()
  })

  test('prompts survive the text area exactly, line breaks and backslashes included', () => {
    expect(linesFromTexts(['\n', 'ROMEO:'])).toBe('\\n\nROMEO:')
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), texts => {
        expect(textsFromLines(linesFromTexts(texts))).toEqual(texts)
      }),
    )
  })
})
