// The figures of a reward model's report: what they say in words, and that nothing to draw is no error.
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { AccuracyByMargin } from '../../../src-renderer/ui/charts/accuracy-by-margin.tsx'
import { CalibrationChart } from '../../../src-renderer/ui/charts/calibration-chart.tsx'
import { ComparisonsRuler, comparisonsSentence } from '../../../src-renderer/ui/charts/comparisons-ruler.tsx'
import { lengthSentence, RewardByLength } from '../../../src-renderer/ui/charts/reward-by-length.tsx'
import { overlap, ScoreHistogram } from '../../../src-renderer/ui/charts/score-histogram.tsx'
import { shareOf } from '../../../src-shared/metrics/share.ts'
import { reportOf } from '../reward-shapes.ts'

const html = (node: ReactNode) => renderToString(<MantineProvider>{node}</MantineProvider>)
const report = reportOf('r')

test('each figure says in a sentence what it shows, for those who do not see it', () => {
  expect(html(<ScoreHistogram scores={report.scores} width={300} />)).toContain('aria-label="Scores. 42% of')
  expect(html(<AccuracyByMargin bins={report.byMargin} width={300} />)).toContain(
    'Right in 60% where the scores differ least, in 100% where they differ most.',
  )
  expect(html(<CalibrationChart bins={report.calibration} error={0.12} width={300} />)).toContain(
    'differ by 12%',
  )
  expect(html(<RewardByLength length={report.length} width={300} />)).toContain(
    'Clearly, longer answers score higher: rank correlation within prompts 0.83; the labels preferred the longer one in 92%.',
  )
})

test('without a pair there is nothing to measure, and it says so', () => {
  const nothing = { edges: [0, 1], winning: [0], losing: [0] }
  const length = { correlation: 0, longerWins: shareOf(0, 0), points: [] }
  for (const figure of [
    <ScoreHistogram key="a" scores={nothing} width={300} />,
    <AccuracyByMargin key="b" bins={[]} width={300} />,
    <CalibrationChart key="c" bins={[]} error={0} width={300} />,
    <RewardByLength key="d" length={length} width={300} />,
  ])
    expect(html(figure)).toContain('Nothing to measure')
})

test('the areas of scores overlap from not at all to wholly', () => {
  const of = (winning: number[], losing: number[]) => overlap({ edges: [], winning, losing })
  expect(of([0, 3], [7, 0])).toBe(0)
  expect(of([1, 3], [2, 6])).toBe(1)
  expect(of([1, 1], [1, 0])).toBe(0.5)
  expect(of([0, 0], [0, 0])).toBe(0)
})

test('length is said with its direction, and not where it hardly counts', () => {
  const { longerWins } = report.length
  expect(lengthSentence({ correlation: 0.05, longerWins, points: [] })).toMatch(/^It hardly goes by length/)
  expect(lengthSentence({ correlation: -0.7, longerWins, points: [] })).toMatch(/^Clearly, shorter/)
  expect(lengthSentence({ correlation: 0.3, longerWins: shareOf(0, 0), points: [] })).toBe(
    'Somewhat, longer answers score higher: rank correlation within prompts 0.30.',
  )
})

test('the ruler of comparisons can be read aloud; what is not there yet has no mark', () => {
  expect(comparisonsSentence([{ label: 'Yours', pairs: 61 }])).toBe(
    'Scale. Yours: 61 comparisons. Ziegler, a style: 5,000 comparisons. Stiennon, summaries: 64,832 comparisons. Usual: 100,000 to 1,000,000 comparisons',
  )
  expect(html(<ComparisonsRuler marks={[{ label: 'Nothing', pairs: 0 }]} />)).not.toContain('Nothing')
})
