import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { rulerPosition, rulerSentence, ScaleRuler } from '../../../src-renderer/ui/charts/scale-ruler.tsx'

test('every tenfold is one tenth of the ruler, from a thousand to ten trillion', () => {
  expect([1e3, 1e4, 1e8, 1e13].map(tokens => Number(rulerPosition(tokens).toFixed(6)))).toEqual([
    0, 0.1, 0.5, 1,
  ])
  expect(rulerPosition(0)).toBe(0)
  expect(rulerPosition(1e20)).toBe(1)
})

test('the ruler can be read aloud: your text beside GPT-3 and LLaMA-2, in books', () => {
  expect(rulerSentence([{ label: 'Your text', tokens: 1e6, color: 'red' }])).toBe(
    'Scale. Your text: 1M tokens, 2 books of 500 pages. GPT-3: 500B tokens, 1M books of 500 pages. LLaMA-2: 2T tokens, 4M books of 500 pages',
  )
})

test('what is not there yet has no mark', () => {
  const html = renderToString(<ScaleRuler marks={[{ label: 'Your text', tokens: 0, color: 'red' }]} />)
  expect(html).not.toContain('Your text')
  expect(html).toContain('LLaMA-2')
})
