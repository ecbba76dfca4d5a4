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
    expect(step([setOf('s')], [], [base], [run({ bestEvalLoss: 2 })])).toBe('chat')
    expect(step([setOf('s')], [], [base], [run({ bestEvalLoss: 2, removedAt: '2026' })])).toBe('start-run')
  })

  test('names its best model by validation loss', () => {
    const runs = [run({ id: 'a', bestEvalLoss: 2 }), run({ id: 'b', bestEvalLoss: 1.5 }), run({ id: 'c' })]
    expect(summariseSft([], [], [], runs).best?.id).toBe('b')
  })

  test('has a card with what there is, its best figure and one button', () => {
    const standing = summariseSft(
      [setOf('s', { rows: 61 })],
      [],
      [base],
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
