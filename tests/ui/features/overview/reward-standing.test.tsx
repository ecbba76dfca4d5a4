// Phase 3 on the Overview: each state has its one next step.
import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { RewardCard } from '../../../../src-renderer/ui/features/overview/reward-card.tsx'
import {
  nextRewardStep,
  summariseReward,
} from '../../../../src-renderer/ui/features/overview/reward-standing.ts'
import { reportOf } from '../../reward-shapes.ts'
import { runOf } from '../../run-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'
import { preferenceSetOf } from '../reward-bench/preference-shapes.ts'

const tuned = checkpointOf('SFT', 40, { phase: 'sft' })
const scorer = checkpointOf('R', 9, { phase: 'reward' })
const run = (some: object) => runOf('R', { phase: 'reward', ...some })
const ranked = preferenceSetOf('mine', { ranked: 10, pairs: 57 })

describe('phase 3', () => {
  test('goes from a fine-tuned model over rankings to a verdict, one step at a time', () => {
    const step = (...args: Parameters<typeof summariseReward>) => nextRewardStep(summariseReward(...args))
    expect(step([], [], [])).toBe('fine-tune')
    expect(step([ranked], [checkpointOf('bard', 1)], [])).toBe('fine-tune')
    expect(step([], [tuned], [])).toBe('rank')
    expect(step([preferenceSetOf('new', { sampled: 3 })], [tuned], [])).toBe('go-on-ranking')
    expect(step([preferenceSetOf('votes', { kind: 'chat', prompts: 0, sampled: 0 })], [tuned], [])).toBe(
      'rank',
    )
    expect(step([ranked], [tuned], [])).toBe('start-run')
    expect(step([{ ...ranked, removedAt: '2026' }], [tuned], [])).toBe('rank')
    expect(step([ranked], [tuned], [run({ status: 'running' })])).toBe('watch-run')
    expect(step([ranked], [tuned], [run({ status: 'interrupted' })])).toBe('resume-run')
    expect(step([ranked], [tuned, scorer], [run({})])).toBe('read-verdict')
    expect(step([ranked], [tuned, scorer], [run({ removedAt: '2026' })])).toBe('start-run')
    expect(step([ranked], [tuned, { ...scorer, status: 'missing' }], [run({})])).toBe('start-run')
  })

  test('calls rankings simulated only where all of them are', () => {
    const simulation = { policy: 'longer-wins', noise: 0.1, seed: 1 } as const
    const by = (...labelers: { labeler: string; rankings: number; simulation: typeof simulation | null }[]) =>
      summariseReward([preferenceSetOf('s', { labelers })], [], []).simulated
    expect(by({ labeler: 'rule', rankings: 3, simulation })).toBe(true)
    expect(
      by({ labeler: 'rule', rankings: 3, simulation }, { labeler: 'me', rankings: 1, simulation: null }),
    ).toBe(false)
    expect(by()).toBe(false)
  })

  test('has a card with the rankings, its model with accuracy and light, and one button', () => {
    const standing = summariseReward(
      [ranked],
      [tuned, scorer],
      [run({ name: 'R <b>', latest: { eval_accuracy: 0.61 } })],
    )
    const card = (report?: ReturnType<typeof reportOf>) =>
      renderToString(
        <MantineProvider>
          <RewardCard standing={standing} report={report} />
        </MantineProvider>,
      ).replaceAll('<!-- -->', '')
    expect(card()).toContain('10 prompts ranked, 57 pairs')
    expect(card()).toContain('0.610')
    expect(card()).toContain('R &lt;b&gt;')
    expect(card(reportOf(scorer.id))).toContain('80%')
    expect(card(reportOf(scorer.id))).toMatch(/Amber.*usable with care/)
    expect(card().match(/<button/g)).toHaveLength(1)
  })
})
