// Phase 2 on the Overview: each state has its one next step.
import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { SftCard } from '../../../../src-renderer/ui/features/overview/sft-card.tsx'
import { nextSftStep, summariseSft } from '../../../../src-renderer/ui/features/overview/sft-standing.ts'
import { corpusOf, runOf } from '../../run-shapes.ts'
import { checkpointOf, setOf } from '../../sft-shapes.ts'

const base = checkpointOf('bard', 150)
const sources = (corpus: string) => [
  { corpus, name: corpus, hash: 'h', weight: 1, tokens: 1, validationTokens: 1, bytes: 1 },
]
const world = corpusOf('world', { kind: 'starter-world' })
const run = (some: object) => runOf('SFT', { phase: 'sft', ...some })

describe('phase 2', () => {
  test('goes from a base over demonstrations to a model that answers, one step at a time', () => {
    const step = (...args: Parameters<typeof summariseSft>) => nextSftStep(summariseSft(...args))
    expect(step([], [], [], [])).toBe('train-base')
    expect(step([setOf('s')], [], [], [])).toBe('train-base')
    expect(step([], [], [base], [runOf('bard')])).toBe('add-demonstrations')
    expect(step([], [world], [base], [runOf('bard', { data: { sources: sources('world') } })])).toBe(
      'take-starter-demonstrations',
    )
    expect(step([setOf('s')], [], [base], [])).toBe('start-run')
    expect(step([setOf('s', { removedAt: '2026' })], [], [base], [])).toBe('add-demonstrations')
    expect(step([setOf('s', { rows: 0 })], [], [base], [])).toBe('add-demonstrations')
    expect(step([setOf('s')], [], [base], [run({ status: 'running' })])).toBe('watch-run')
    expect(step([setOf('s')], [], [base], [run({ status: 'interrupted' })])).toBe('resume-run')
    const tuned = checkpointOf('SFT', 40, { phase: 'sft' })
    expect(step([setOf('s')], [], [base, tuned], [run({})])).toBe('chat')
    expect(step([setOf('s')], [], [base], [run({})])).toBe('start-run')
    expect(step([setOf('s')], [], [base, tuned], [run({ removedAt: '2026' })])).toBe('start-run')
  })

  test('names its newest model, whatever the losses on other validation rows, or on none', () => {
    const made = (of: string, createdAt: string) => checkpointOf(of, 9, { phase: 'sft', createdAt })
    const runs = [
      run({ id: 'junk', bestEvalLoss: 0.02 }),
      run({ id: 'newest', status: 'stopped' }),
      run({ id: 'lost' }),
      run({ id: 'failed', status: 'failed' }),
    ]
    const checkpoints = [
      made('junk', '2026-01-01'),
      made('newest', '2026-02-01'),
      { ...made('lost', '2026-03-01'), status: 'missing' as const },
      made('failed', '2026-04-01'),
    ]
    expect(summariseSft([], [], checkpoints, runs).model?.id).toBe('newest')
  })

  test('has a card with what there is, its model with its figure, and one button', () => {
    const standing = summariseSft(
      [setOf('s', { rows: 61 })],
      [],
      [base, checkpointOf('SFT', 40, { phase: 'sft' })],
      [run({ name: 'bard SFT', bestEvalLoss: 1.5, parameters: 87_360 })],
    )
    const html = renderToString(
      <MantineProvider>
        <SftCard standing={standing} />
      </MantineProvider>,
    ).replaceAll('<!-- -->', '')
    expect(html).toContain('1 set, 61 pairs')
    expect(html).toContain('bard SFT')
    expect(html).toContain('1.500')
    expect(html.match(/<button/g)).toHaveLength(1)
  })
})
