// The pictures of an evaluation: where shares lie in the triangle, and what each picture says to who does not see it.
import { MantineProvider } from '@mantine/core'
import fc from 'fast-check'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { pressedBy } from '../../../src-renderer/ui/charts/button-keys.ts'
import { LadderStrip, ladderSentence } from '../../../src-renderer/ui/charts/ladder-strip.tsx'
import { TruthTriangle, truthSentence } from '../../../src-renderer/ui/charts/truth-triangle.tsx'
import { rateSentence, WinRates } from '../../../src-renderer/ui/charts/win-rates.tsx'
import { publishedRates } from '../../../src-shared/evaluation/published-rates.ts'
import { spreadTags, ternaryPoint, triangleIn } from '../../../src-shared/evaluation/ternary.ts'

const html = (node: ReactNode) => renderToString(<MantineProvider>{node}</MantineProvider>)
const margin = { x: 10, y: 5 }

test('all correct lies at the top, all abstained on the left, all made up on the right, an even third in the middle', () => {
  const triangle = triangleIn(300, 200, margin)
  const at = (correct: number, abstains: number, fabricates: number) =>
    ternaryPoint(triangle, { correct, abstains, fabricates })
  expect(at(1, 0, 0)).toEqual(triangle.top)
  expect(at(0, 1, 0)).toEqual(triangle.left)
  expect(at(0, 0, 1)).toEqual(triangle.right)
  const [x, y] = at(1 / 3, 1 / 3, 1 / 3)
  expect(x).toBeCloseTo(150, 6)
  expect(y).toBeCloseTo((triangle.top[1] + 2 * triangle.left[1]) / 3, 6)
})

test('the triangle keeps equal sides and its margins in a box of any shape', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 900 }), fc.integer({ min: 40, max: 900 }), (width, height) => {
      const { top, left, right } = triangleIn(width, height, margin)
      const side = right[0] - left[0]
      expect(Math.hypot(top[0] - left[0], top[1] - left[1])).toBeCloseTo(side, 6)
      expect(left[0]).toBeGreaterThanOrEqual(margin.x - 1e-9)
      expect(top[1]).toBeGreaterThanOrEqual(margin.y - 1e-9)
      expect(left[1]).toBeLessThanOrEqual(height - margin.y + 1e-9)
    }),
  )
})

test('names of marks that lie together never cover each other, and none is lost', () => {
  const tag = fc.record({
    x: fc.integer({ min: 0, max: 60 }),
    y: fc.integer({ min: 0, max: 60 }),
    width: fc.integer({ min: 5, max: 50 }),
  })
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 9 }), tags => {
      const obstacles = tags.slice(0, 2).map(each => ({ ...each, width: 7 }))
      const spread = spreadTags(tags, 14, 30, obstacles)
      expect(spread.map(({ x, width }) => [x, width])).toEqual(tags.map(({ x, width }) => [x, width]))
      for (const [i, a] of spread.entries())
        for (const b of [...spread.slice(0, i), ...obstacles]) {
          const beside = a.x >= b.x + b.width || b.x >= a.x + a.width
          expect(beside || Math.abs(a.y - b.y) >= 14).toBe(true)
        }
    }),
  )
})

const sft = {
  label: 'sft',
  phase: 'sft' as const,
  known: { correct: 0.9, abstains: 0.02, fabricates: 0.08 },
  unknown: { correct: 0, abstains: 0.3, fabricates: 0.7 },
}
const rlhf = {
  label: 'rlhf',
  phase: 'ppo' as const,
  known: { correct: 0.88, abstains: 0.09, fabricates: 0.03 },
  unknown: { correct: 0, abstains: 0.8, fabricates: 0.2 },
}

test('the truth triangle says what the last two models do with what they know and what nobody knows', () => {
  expect(truthSentence([sft, rlhf])).toBe(
    'SFT gets 90% of the known facts right and makes up an answer to 70% of the unknown ones; RLHF gets 88% of the known facts right and makes up an answer to 20% of the unknown ones.',
  )
  const drawn = html(<TruthTriangle models={[sft, rlhf]} width={400} onOpen={() => {}} />)
  expect(drawn).toContain('RLHF, unknown questions: 0% correct, 80% abstain, 20% fabricated')
  expect(drawn.match(/role="button"/g)).toHaveLength(4)
  expect(html(<TruthTriangle models={[]} width={400} />)).toContain('Nothing to measure')
})

const rate = { rate: 0.82, low: 0.75, high: 0.88, wins: 120, losses: 26, ties: 14 }

test('a win rate is said with its interval, its counts and its ties, and says so when nothing was decided', () => {
  expect(rateSentence(rate)).toBe('82%, 95% interval 75% to 88%; 120 to 26, 14 ties')
  expect(rateSentence({ ...rate, ties: 0 })).toBe('82%, 95% interval 75% to 88%; 120 to 26')
  const undecided = { rate: 0.5, low: 0, high: 1, wins: 0, losses: 0, ties: 1 }
  expect(rateSentence(undecided)).toBe('nothing decided, 1 tie')
  const groups = [
    { key: 'x', title: 'RLHF over SFT', accent: 'red', rows: [{ ...rate, key: 'a', name: 'greedy' }] },
  ]
  const drawn = html(<WinRates groups={groups} onOpen={() => {}} />)
  expect(drawn).toContain('RLHF over SFT')
  expect(drawn).toContain('human labelers')
  expect(html(<WinRates groups={groups} withPublished={false} />)).not.toContain('InstructGPT')
})

test('of InstructGPT’s figure only what its authors wrote in words is drawn', () => {
  expect(publishedRates.map(each => [each.rate, Number((each.high - each.rate).toFixed(3))])).toEqual([
    [0.85, 0.03],
    [0.71, 0.04],
    [0.734, 0.02],
  ])
})

test('the ladder tells how far each model climbs, and every cell its figure beside its colour', () => {
  const rungs = [
    { key: 'one', title: 'single digits', example: '2 + 2' },
    { key: 'two', title: 'two digits', example: '17 × 24' },
  ]
  const of = (...accuracies: number[]) =>
    accuracies.map(accuracy => ({ accuracy, confidence: 0.97, sums: 12 }))
  const models = [
    { label: 'base', phase: 'pretrain' as const, rungs: of(0.25, 0) },
    { label: 'sft', phase: 'sft' as const, rungs: of(0.75, 0.08) },
    { label: 'my <b>run</b>', phase: 'ppo' as const, rungs: of(1, 0.5) },
  ]
  expect(ladderSentence(rungs, models)).toBe(
    'Base gets fewer than half right on the first rung already. SFT climbs to “single digits” and falls below half at “two digits”. my <b>run</b> gets at least half of every rung right.',
  )
  // What was not asked is not failed.
  const unasked = { accuracy: 0, confidence: null, sums: 0 }
  const sentence = (...results: { accuracy: number; confidence: number | null; sums: number }[]) =>
    ladderSentence(rungs, [{ ...models[0]!, rungs: results }])
  expect(sentence(unasked, ...of(0.75))).toBe(
    'Base gets at least half right on every rung that it was asked.',
  )
  expect(sentence(...of(0.75), unasked)).toBe(
    'Base gets at least half right on every rung that it was asked.',
  )
  expect(sentence(unasked, ...of(0.25))).toBe('Base gets fewer than half right on the first rung already.')
  expect(sentence(unasked, unasked)).toBe('Base was asked no sum.')
  const drawn = html(<LadderStrip rungs={rungs} models={models} />)
  expect(drawn).toContain('75%')
  expect(drawn).toContain('sure <!-- -->97%')
  expect(drawn).not.toContain('<b>run</b>')
  expect(html(<LadderStrip rungs={rungs} models={[{ ...models[0]!, rungs: of(1) }]} />)).toContain(
    'not asked',
  )
})

test('a mark is pressed by Enter and by Space, and neither reaches the window, where Space pauses the run', () => {
  const heard = (key: string) => {
    const said: string[] = []
    pressedBy(() => said.push('pressed'))({
      key,
      preventDefault: () => said.push('kept from scrolling'),
      stopPropagation: () => said.push('kept from the window'),
    })
    return said.toSorted()
  }
  expect(heard(' ')).toEqual(['kept from scrolling', 'kept from the window', 'pressed'])
  expect(heard('Enter')).toEqual(heard(' '))
  expect(heard('Tab')).toEqual([])
})
