import { MantineProvider } from '@mantine/core'
import katex from 'katex'
import type { ComponentProps } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { Formula } from '../../../../src-renderer/ui/components/formula.tsx'
import {
  klCharges,
  klOf,
  lanesOf,
  reach,
  tokenSentence,
} from '../../../../src-renderer/ui/features/ppo/microscope/lanes.ts'
import { LossFormulas } from '../../../../src-renderer/ui/features/ppo/microscope/loss-formulas.tsx'
import { TokenLanes } from '../../../../src-renderer/ui/features/ppo/microscope/token-lanes.tsx'
import { rolloutOf } from './rollout-shapes.ts'

const rollout = rolloutOf()
const lane = (id: string) => lanesOf(rollout, false).find(each => each.id === id)!

describe('The microscope', () => {
  test('charges a token for what it is likelier than under the fine-tuned model, and pays the score at the end', () => {
    // −0.1 · (−0.5 + 1), −0.1 · (−1.25 + 1), nothing for the last.
    expect(klCharges(rollout).map(value => Number(value.toFixed(12)))).toEqual([-0.05, 0.025, 0])
    expect(klOf(rollout)).toBeCloseTo(0.25, 12)
    expect(lane('score').values).toEqual([null, null, 0.75])
    for (const [i, reward] of rollout.rewards.entries())
      expect(klCharges(rollout)[i]! + (lane('score').values[i] ?? 0)).toBeCloseTo(reward, 12)
  })

  test('measures a ratio from 1 and everything else from 0', () => {
    expect(reach(lane('ratio'))).toBeCloseTo(0.35, 12)
    expect(reach(lane('advantage'))).toBe(1.5)
    expect(reach({ values: [null, 0], origin: 0 })).toBeGreaterThan(0)
  })

  test('says of a token what it was, what was expected and what was done', () => {
    const sentence = tokenSentence(rollout, 0)
    expect(sentence).toContain('probability 60.7%, under the fine-tuned model 36.8%')
    expect(sentence).toContain('better than expected, so it is made likelier')
    expect(sentence).toContain('1.35 times as likely, where clipping stopped it')
    expect(tokenSentence(rollout, 1)).toContain('less likely')
    expect(tokenSentence(rollout, 1)).not.toContain('clipping')
    expect(tokenSentence(rollout, 2)).toContain('as expected')
  })

  test('shows what GAE was given where that is not charge and score, but whitened', () => {
    const whitened = rolloutOf({ rewards: [-0.2, 0.1, 2.5] })
    const ids = (whitenRewards: boolean) => lanesOf(whitened, whitenRewards).map(({ id }) => id)
    expect(ids(false)).not.toContain('reward')
    expect(ids(true).filter(id => id !== 'reward')).toEqual(ids(false))
    const reward = lanesOf(whitened, true).find(({ id }) => id === 'reward')!
    expect(reward).toMatchObject({ label: 'Whitened reward', unit: '', values: whitened.rewards })
  })

  test('writes the loss as it is minimised, with phase 1’s texts where they are mixed in', () => {
    const formulas = (config: Record<string, number>) => {
      const { children } = LossFormulas({ config }).props as {
        children: { props: ComponentProps<typeof Formula> }[]
      }
      return children.map(({ props }) => props)
    }
    const [plain, mixed] = [formulas({ vfCoef: 0.3 }), formulas({ vfCoef: 0.3, ptxCoef: 0.7 })]
    expect(plain.at(-1)!.tex).toBe(String.raw`L = L_\pi + 0.3\,L_V`)
    expect(plain.at(-1)!.meaning).not.toContain('pre-training')
    expect(mixed.at(-1)!.tex).toBe(String.raw`L = L_\pi + 0.3\,L_V + 0.7\,L_{\mathrm{ptx}}`)
    expect(mixed.at(-1)!.meaning).toContain('the loss of pre-training on its own texts')
    expect(mixed.slice(0, -1)).toEqual(plain.slice(0, -1))
    for (const { tex } of mixed) expect(katex.renderToString(tex, { output: 'html' })).toContain('katex')
  })

  test('draws a column a token and a row a lane, clipping by a sign of its own, and no markup of the model’s', () => {
    const html = renderToString(
      <MantineProvider>
        <TokenLanes rollout={rollout} whitenRewards={false} />
        <LossFormulas config={{ cliprange: 0.3, gamma: 0.99 }} />
      </MantineProvider>,
    )
    expect(html.match(/scope="col"/g)).toHaveLength(1 + 3)
    expect(html.match(/scope="row"/g)).toHaveLength(8)
    expect(html.match(/aria-label="clipped"/g)).toHaveLength(1)
    expect(html).toContain('&lt;b&gt;')
    expect(html).not.toContain('\u202e')
    expect(html).toContain('a ratio of 0.7 to 1.3')
    const whitened = renderToString(
      <MantineProvider>
        <TokenLanes rollout={rollout} whitenRewards />
      </MantineProvider>,
    )
    expect(whitened.match(/scope="row"/g)).toHaveLength(9)
    expect(whitened).toContain('Whitened reward')
  })
})
