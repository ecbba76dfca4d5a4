// The report on a reward model: whose it is, the verdict as it reads, and texts of others as text.
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { signed } from '../../../../src-renderer/ui/components/score-text.ts'
import { lightText } from '../../../../src-renderer/ui/components/verdict-light.tsx'
import { ceilingSentence, shareText } from '../../../../src-renderer/ui/features/reward/agreement-words.ts'
import {
  Disagreements,
  mendedSince,
} from '../../../../src-renderer/ui/features/reward/report/disagreements.tsx'
import { Judges } from '../../../../src-renderer/ui/features/reward/report/judges.tsx'
import { AccuracyBars } from '../../../../src-renderer/ui/features/reward/report/report-facts.tsx'
import { VerdictPanel } from '../../../../src-renderer/ui/features/reward/report/verdict-panel.tsx'
import { proposedModel, reportOfRun } from '../../../../src-renderer/ui/reward-reports.ts'
import { shareOf } from '../../../../src-shared/metrics/share.ts'
import { reportOf } from '../../reward-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'
import { rankingOf } from '../reward-bench/preference-shapes.ts'

const html = (node: ReactNode) =>
  renderToString(<MantineProvider>{node}</MantineProvider>).replaceAll('<!-- -->', '')

const model = (run: string, step: number, some: object = {}) =>
  checkpointOf(run, step, { phase: 'reward', ...some })

describe('the model that is shown', () => {
  const models = [model('r', 10), model('r', 30), model('r', 20, { best: true })]

  test('is the one measured last, else the best, else the newest', () => {
    const reports = [
      reportOf('r-step-20', { createdAt: '2026-03-01' }),
      reportOf('r-step-10', { createdAt: '2026-03-02' }),
      reportOf('other-step-5', { createdAt: '2026-03-03' }),
    ]
    expect(proposedModel(models, reports)?.step).toBe(10)
    expect(proposedModel(models, [])?.step).toBe(20)
    expect(proposedModel(models.slice(0, 2), [])?.step).toBe(30)
    expect(proposedModel([], reports)).toBeUndefined()
  })

  test('has the report of its own run, never that of another', () => {
    const reports = [reportOf('other-step-5')]
    expect(reportOfRun('r', [...models, model('other', 5)], reports)).toBeUndefined()
    expect(reportOfRun('other', [...models, model('other', 5)], reports)).toBe(reports[0])
  })
})

describe('the verdict', () => {
  const { verdict } = reportOf('r')

  test('says its colour in words beside its shape, then why, then what to do', () => {
    const text = html(<VerdictPanel verdict={verdict} />)
    expect(text).toContain('Amber: usable with care')
    expect(text).toContain('It cannot judge truth.')
    expect(text).toMatch(/amber: .*Longer answers score higher\..*What to do: .*rank answers of equal length/)
    // What is well folds.
    expect(text).toContain('1 thing is well')
    expect(text).not.toContain('900 prompts')
  })

  test('has another word and another shape for every colour', () => {
    const levels = ['green', 'amber', 'red'] as const
    expect(new Set(levels.map(lightText)).size).toBe(3)
    const shapes = levels.map(
      level => /<svg.*?<\/svg>/.exec(html(<VerdictPanel verdict={{ ...verdict, level }} />))![0],
    )
    const withoutColour = shapes.map(shape => shape.replace(/stroke="[^"]*"/g, ''))
    expect(new Set(withoutColour).size).toBe(3)
  })
})

test('what it can judge is said of each kind, with its interval, and words beside the bars', () => {
  const text = html(<Judges judges={reportOf('r').judges} />)
  expect(text).toMatch(/A true answer above a false one.*it cannot tell reliably.*55% \(45–64%\)/)
  expect(text).toMatch(/Good style above bad.*>it can tell<.*96% \(90–98%\)/)
  // Examples fold out.
  expect(text).not.toContain('Queen Ia.')
  expect(html(<Judges judges={[]} />)).toContain('Not measured')
})

test('worst disagreements are readable: an empty response too, markup and marks of direction as text', () => {
  const { worst } = reportOf('r')
  const text = html(<Disagreements worst={worst} first={3} since="2026-03-01" />)
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(text).toContain('Who sings?⟨U+202E⟩')
  expect(text).toContain('(nothing: it stopped at once)')
  expect(text).toMatch(/loser <b>\+1\.25<\/b>.*▲/)
  expect(text).toMatch(/winner <b>−1\.50<\/b>/)
  expect(text).toContain('after 2 messages')
  expect(text).toContain('Fix this label')
  expect(html(<Disagreements worst={[]} first={3} since="2026-03-01" />)).toContain('None')
})

test('accuracy stands beside the ceiling, and beside the clean one where labels were simulated', () => {
  const simulated = reportOf('r', {
    clean: { accuracy: shareOf(57, 60), noise: 0.1 },
    agreement: {
      self: [],
      between: [],
      ceiling: { source: 'simulated', share: 0.9, low: 0.9, high: 0.9, n: 60 },
    },
  })
  const text = html(<AccuracyBars report={simulated} />)
  expect(text).toContain('80% (68–88%) of 60 pairs')
  expect(text).toContain('95% (86–98%) of 60 pairs')
  expect(text).toContain('90%: the labels are simulated')
  expect(html(<AccuracyBars report={reportOf('r')} />)).not.toContain('Before the labelers')
})

test('a ceiling says where it comes from; a share that is known has no interval', () => {
  expect(shareText(shareOf(84, 100))).toBe('84% (76–90%)')
  expect(shareText({ share: 0.9, low: 0.9, high: 0.9, n: 4 })).toBe('90%')
  expect(ceilingSentence(null)).toMatch(/^No ceiling/)
  expect(ceilingSentence(null, { code: 'too-few', text: 'Only 7 pairs were judged twice' })).toBe(
    'No ceiling. Only 7 pairs were judged twice.',
  )
  expect(ceilingSentence({ source: 'between', ...shareOf(3, 4) })).toContain('two labelers')
  // 0.82 = 0.9² + 0.1²: who errs in a tenth agrees with themselves in 82%, and can be predicted in 90%.
  expect(ceilingSentence({ source: 'self', ...shareOf(82, 100) })).toContain('can match up to 90% of them')
})

test('scores have their sign and two decimals, and no minus zero', () => {
  expect([1.236, -0.08, -0.001, 0, 250.4, Number.NaN].map(signed)).toEqual([
    '+1.24',
    '−0.08',
    '0.00',
    '0.00',
    '+250',
    'NaN',
  ])
})

test('a label that was mended since the measurement says so, and that it counts from the next training on', () => {
  const said = (createdAt: string) => ({ rankings: [rankingOf('me', [2, 1], { createdAt })] })
  expect(mendedSince(said('2026-03-02'), '2026-03-01')).toContain('from the next training on')
  expect(mendedSince(said('2026-02-28'), '2026-03-01')).toBeNull()
  expect(mendedSince(undefined, '2026-03-01')).toBeNull()
})
