import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { PairsRuler, pairsSentence } from '../../../src-renderer/ui/charts/pairs-ruler.tsx'

test('the ruler of pairs can be read aloud: yours beside InstructGPT’s and what is usual', () => {
  expect(pairsSentence([{ label: 'This set', pairs: 61 }])).toBe(
    'Scale. This set: 61 pairs. InstructGPT: 12,725 pairs. Usual: 10,000 to 100,000 pairs',
  )
})

test('a mark stands at its place on the logarithmic axis; what is not there yet has none', () => {
  const html = renderToString(
    <PairsRuler
      marks={[
        { label: 'Yours', pairs: 1000 },
        { label: 'Nothing', pairs: 0 },
      ]}
    />,
  )
  expect(html).toContain('left:50%')
  expect(html).not.toContain('Nothing')
})

test('a landmark gives way to a mark that would cross its name', () => {
  const sides = (pairs: number) =>
    renderToString(<PairsRuler marks={[{ label: 'Yours', pairs }]} />).match(/data-side="\w+"/g)
  expect(sides(61)).toEqual(['data-side="right"', 'data-side="left"'])
  expect(sides(4813)).toEqual(['data-side="right"', 'data-side="right"'])
})
