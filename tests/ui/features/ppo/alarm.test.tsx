import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { RewardByKlFigure } from '../../../../src-renderer/ui/charts/reward-by-kl.tsx'
import { rateText, WinRatePoints } from '../../../../src-renderer/ui/charts/win-rate-points.tsx'
import {
  bestLiked,
  breakEnd,
  breakProblem,
  breakWords,
  inFirstBreak,
  votesMean,
  votesOf,
  waitingBreak,
  withoutStanding,
} from '../../../../src-renderer/ui/features/ppo/alarm/standing.ts'
import { OneFinding, pointsOf } from '../../../../src-renderer/ui/features/ppo/train/doctor-panel.tsx'
import { evaluationOf, winsOf } from './rollout-shapes.ts'

const draw = (node: React.ReactNode) =>
  renderToString(<MantineProvider>{node}</MantineProvider>).replaceAll('<!-- -->', '')

const run = [
  evaluationOf(0),
  evaluationOf(10, { oracle: winsOf(30, 20, 14), person: winsOf(7, 3) }),
  evaluationOf(20, { oracle: winsOf(40, 10, 14), person: winsOf(4, 5, 1) }),
  evaluationOf(30, { oracle: winsOf(20, 30, 14) }),
]

describe('The reward-hacking alarm', () => {
  test('names the checkpoint that each judge liked best, the person first', () => {
    expect(bestLiked(run)).toMatchObject([
      { judge: 'person', evaluation: { step: 10 } },
      { judge: 'oracle', evaluation: { step: 20 } },
    ])
    expect(bestLiked(run.map(each => ({ ...each, person: null })))).toMatchObject([{ judge: 'oracle' }])
    expect(bestLiked([evaluationOf(0), evaluationOf(5, { person: winsOf(0, 0, 3) })])).toEqual([])
  })

  test('chooses by the low end of the interval, as the core does, and calls nothing liked that lost', () => {
    const once = evaluationOf(5, { person: winsOf(1, 0) })
    expect(bestLiked([...run, once])[0]).toMatchObject({ evaluation: { step: 10 }, liked: true })
    const lost = evaluationOf(5, { person: winsOf(1, 2) })
    expect(bestLiked([lost])[0]).toMatchObject({ judge: 'person', liked: false })
    expect(bestLiked([once])[0]).toMatchObject({ liked: true })
  })

  test('in the middle of a break tells nobody how it stands, and goes on where it was left', () => {
    const middle = evaluationOf(20, { pairs: 23, person: winsOf(1, 2) })
    expect(inFirstBreak(middle)).toBe(true)
    expect(withoutStanding([run[1]!, middle]).map(({ person }) => person?.n ?? null)).toEqual([10, null])
    expect(breakWords(middle)).toBe('Go on with update 20: 3 of 10')
    expect(breakWords({ ...middle, person: null })).toBe('Compare 10 answers of update 20 blind')
    expect(breakWords({ ...middle, person: winsOf(6, 4) })).toBe('Compare 10 answers of update 20 blind')
    expect(breakWords({ ...middle, person: winsOf(12, 9) })).toBe('Go on with update 20: 21 of 23')
    expect(breakWords({ ...middle, pairs: 1, person: null })).toBe('Compare 1 answer of update 20 blind')
    expect([0, 3, 10, 19, 20].map(voted => breakEnd(23, voted))).toEqual([10, 10, 20, 20, 23])
    expect(inFirstBreak({ ...middle, pairs: 3 })).toBe(false)
  })

  test('waits with the newest evaluation until ten of its pairs are compared, and never with the fine-tuned model’s own', () => {
    expect(waitingBreak(run)?.step).toBe(30)
    expect(waitingBreak(run.slice(0, 3))).toBeNull()
    expect(votesOf(run[2]!)).toBe(10)
    expect(waitingBreak([evaluationOf(0)])).toBeNull()
    expect(waitingBreak([])).toBeNull()
  })

  test('waits no longer where fewer than ten answers differ and all are compared, nor where none does', () => {
    const waits = (pairs: number, ...votes: Parameters<typeof winsOf>) =>
      waitingBreak([evaluationOf(0), evaluationOf(9, { pairs, person: winsOf(...votes) })]) !== null
    expect(waits(7, 4, 2)).toBe(true)
    expect(waits(7, 4, 2, 1)).toBe(false)
    expect(waits(11, 9, 0)).toBe(true)
    expect(waitingBreak([evaluationOf(9, { pairs: 0 })])).toBeNull()
    expect(breakProblem({ step: 9, pairs: 0 })).toContain('say the same to every held-out prompt')
    expect(breakProblem({ step: 0, pairs: 0 })).toContain('Before the first update')
    expect(breakProblem({ step: 9, pairs: 1 })).toBeNull()
  })

  test('says that a reward is gamed only where the votes are enough to tell', () => {
    expect(votesMean(winsOf(4, 6))).toContain('too few to tell')
    expect(votesMean(winsOf(0, 0, 10))).toContain('too few to tell')
    expect(votesMean(winsOf(1, 9))).toContain('it is being gamed')
    expect(votesMean(winsOf(9, 1))).toContain('you like what the reward likes')
  })

  test('draws both judges apart, each mark a button that opens its answers', () => {
    const html = draw(
      <WinRatePoints evaluations={run} axis="reward" chosen={30} onChoose={() => {}} width={400} />,
    )
    expect(html).toContain('starter world’s oracle')
    expect(html).toContain('your votes')
    expect(html).toContain('Update 30, starter world’s oracle: 40% of 50')
    // Wilson, 20 of 50.
    expect(rateText(run[3]!.oracle)).toBe('40% of 50, 95% interval 28% to 54%')
    expect(rateText(winsOf(0, 0, 4))).toBe('nothing decided')
    expect(
      draw(
        <WinRatePoints evaluations={[run[0]!]} axis="distance" chosen={0} onChoose={() => {}} width={400} />,
      ),
    ).toContain('Nothing was compared yet')
  })
})

describe('Reward against √KL', () => {
  test('says what was bought at which distance, and takes a KL below 0 for none', () => {
    const points = [
      { step: 1, kl: -0.01, reward: -0.5, heldOut: false },
      { step: 2, kl: 4, reward: 1, heldOut: false },
      { step: 2, kl: 4.2, reward: 0.9, heldOut: true },
    ]
    const html = draw(<RewardByKlFigure points={points} width={400} />)
    expect(html).toContain('Reward rose by 1.5, at a distance of √KL = 2.0')
    expect(draw(<RewardByKlFigure points={[]} width={400} />)).toContain('It appears with the second update')
  })
})

describe('The doctor’s panel', () => {
  const finding = {
    rule: 'kl-no-charge',
    level: 'alarm',
    title: 'Drifting freely',
    since: 12,
    until: null,
    text: 'β is <b>0</b>.',
    advice: { field: 'klCoef', value: 0.05 },
  } as const

  const drifting = { parentCheckpoint: null, config: {}, data: { sources: [] } }

  test('says how grave a finding is by a word, and offers the setting to change', () => {
    const html = draw(<OneFinding finding={finding} run={drifting} />)
    expect(html).toContain('alarm, since update 12')
    expect(html).toContain('Try KL coefficient β 0.05')
    expect(html).toContain('&lt;b&gt;')
    expect(
      draw(<OneFinding finding={{ ...finding, level: 'warning', until: 30, advice: null }} run={drifting} />),
    ).toContain('warning, update 12 to 30')
  })

  test('reads curves as the points that they were made of', () => {
    const curve = (steps: number[], values: number[]) => ({
      steps: Float64Array.from(steps),
      values: Float64Array.from(values),
      tokens: Float64Array.from(steps),
      seconds: Float64Array.from(steps),
    })
    expect(pointsOf({ a: curve([2, 4], [20, 40]), b: curve([1, 2], [1, 2]) })).toEqual([
      { step: 1, values: { b: 1 } },
      { step: 2, values: { a: 20, b: 2 } },
      { step: 4, values: { a: 40 } },
    ])
  })
})
