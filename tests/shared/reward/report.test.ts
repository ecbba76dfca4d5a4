import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { rewardReport } from '../../../src-shared/contract/reward-contract.ts'
import { labeledPairs, type MeasuredPrompt } from '../../../src-shared/reward/measured-prompt.ts'
import { labelsWithLength } from '../../../src-shared/reward/measures.ts'
import { rewardReportOf } from '../../../src-shared/reward/report.ts'
import { drawnMeasurement, drawnReference } from './measured.ts'

const ask = (content: string) => [{ role: 'user' as const, content }]

/** Raw scores are twice the normalised ones. */
const prompt = (
  number: number,
  scores: readonly (readonly [score: number, characters: number])[],
  pairs: readonly (readonly [number, number])[],
  labeler = 'me',
): MeasuredPrompt => ({
  key: `key ${number}`,
  set: 'set-1',
  number,
  messages: ask(`question ${number}`),
  responses: scores.map(([score, characters], i) => ({
    text: `${number}.${i}`,
    characters,
    score,
    raw: 2 * score,
  })),
  pairs: pairs.map(([winner, loser]) => ({ winner, loser, labeler, simulated: null })),
})

const softplus = (x: number): number => Math.log(1 + Math.exp(x))

describe('The pairs of a row', () => {
  it('are those of everyone’s latest ranking, with who said so', () => {
    const pairs = labeledPairs({
      rankings: [
        { labeler: 'me', ranks: [1, 2, 3, 4] },
        { labeler: 'me', pass: 1, ranks: [2, 1, null, 2] },
        { labeler: 'you', outcome: 'skipped', ranks: [1, 2, 3, 4] },
        { labeler: 'them', outcome: 'ranked', ranks: [1, 2, 1, 1], pairs: [[1, 0]] },
      ],
    })
    expect(pairs).toEqual([
      { winner: 1, loser: 0, labeler: 'me', simulated: null },
      { winner: 1, loser: 3, labeler: 'me', simulated: null },
      { winner: 1, loser: 0, labeler: 'them', simulated: null },
    ])
  })

  it('are a person’s alone where a simulated labeler ranked the same prompt', () => {
    const simulation = { policy: 'longer-wins', noise: 0.1, seed: 3 }
    const simulated = { labeler: 's', ranks: [1, 2], simulation }
    const skipped = { labeler: 'you', outcome: 'skipped' as const, ranks: [null, null] }
    const winners = (...rankings: Parameters<typeof labeledPairs>[0]['rankings']) =>
      labeledPairs({ rankings }).map(({ winner, labeler }) => [labeler, winner])
    expect(winners(simulated, skipped)).toEqual([['s', 0]])
    expect(winners({ labeler: 'me', ranks: [2, 1] }, simulated, skipped)).toEqual([['me', 1]])
  })

  it('of a simulated labeler say whether noise turned them round', () => {
    const simulation = { policy: 'longer-wins', noise: 0.1, seed: 3 }
    const pairs = labeledPairs({
      rankings: [
        {
          labeler: 'simulated: longer wins',
          ranks: [3, 1, 2],
          pairs: [
            [1, 0],
            [0, 2],
            [1, 2],
          ],
          simulation,
        },
      ],
    })
    expect(pairs.map(({ simulated }) => simulated)).toEqual([
      { clean: true, noise: 0.1 },
      { clean: false, noise: 0.1 },
      { clean: true, noise: 0.1 },
    ])
  })
})

describe('The report on a reward model', () => {
  const validation = [
    // Three pairs: two right, one wrong.
    prompt(
      1,
      [
        [1, 4],
        [0.5, 9],
        [-1, 4],
      ],
      [
        [0, 1],
        [2, 0],
        [1, 2],
      ],
    ),
    // One pair, wrong, and one of another labeler the other way.
    {
      ...prompt(
        4,
        [
          [-0.25, 2],
          [0.5, 3],
        ],
        [[0, 1]],
      ),
    },
    // No pair: it has a part in lengths only.
    prompt(
      7,
      [
        [0, 5],
        [1, 6],
      ],
      [],
    ),
  ]
  const report = rewardReportOf({
    ...drawnMeasurement({ worth: quality => quality, noise: 0, raw: quality => quality }),
    train: [],
    validation,
    agreement: { self: [], between: [], ceiling: null },
    reference: [
      [1, 3],
      [4, 6],
    ],
  })

  it('weighs the loss by prompt, as it is trained, and accuracy and margin by pair', () => {
    const first = (softplus(-1) + softplus(4) + softplus(-3)) / 3
    const second = softplus(1.5)
    expect(report.validation.loss).toBeCloseTo((first + second) / 2, 12)
    expect(report.validation).toMatchObject({ prompts: 2, pairs: 4 })
    expect(report.validation.accuracy.share).toBe(0.5)
    expect(report.validation.margin).toBeCloseTo((0.5 - 2 + 1.5 - 0.75) / 4, 12)
  })

  it('counts each pair’s winner and loser in the histogram', () => {
    const sum = (counts: number[]) => counts.reduce((total, n) => total + n, 0)
    expect(sum(report.scores.winning)).toBe(4)
    expect(sum(report.scores.losing)).toBe(4)
    expect(report.scores.edges[0]).toBe(-1)
  })

  it('holds reward against length within prompts, and says how often the longer response won', () => {
    // Ranks of characters 1.5 3 1.5 | 1 2 | 1 2, of scores 3 2 1 | 1 2 | 1 2: products 0 + ½ + ½; squares 1.5 + ½ + ½ and
    // 2 + ½ + ½. Of pairs of unequal length (0,1), (1,2) and (0,1) of the second, the longer won one.
    expect(report.length.correlation).toBeCloseTo(1 / Math.sqrt(2.5 * 3), 12)
    expect(report.length.longerWins).toMatchObject({ share: 1 / 3, n: 3 })
    expect(report.length.points).toHaveLength(7)
    expect(report.length.points[1]).toEqual([9, 0.5])
  })

  it('knows how far the labels themselves go with length, with their noise and without it', () => {
    // Worth by characters, three pairs: 0 loses twice, 1 wins and loses, 2 wins twice; the pair (0, 2) was turned round.
    const simulated = (clean: boolean) => ({ clean, noise: 0.1 })
    const label = { labeler: 's' }
    const [turned] = [
      {
        ...prompt(
          2,
          [
            [0, 2],
            [0, 5],
            [0, 9],
          ],
          [],
        ),
        pairs: [
          { ...label, winner: 1, loser: 0, simulated: simulated(true) },
          { ...label, winner: 0, loser: 2, simulated: simulated(false) },
          { ...label, winner: 2, loser: 1, simulated: simulated(true) },
        ],
      },
    ]
    expect(labelsWithLength([turned!], 'before-noise')).toBeCloseTo(1, 12)
    expect(labelsWithLength([turned!])).toBe(0)
  })

  it('lists what it has the other way round, the surest first, with where the label stands', () => {
    expect(report.worst).toEqual([
      {
        set: 'set-1',
        number: 1,
        messages: ask('question 1'),
        winner: { text: '1.2', score: -1 },
        loser: { text: '1.0', score: 1 },
        labeler: 'me',
      },
      {
        set: 'set-1',
        number: 4,
        messages: ask('question 4'),
        winner: { text: '4.0', score: -0.25 },
        loser: { text: '4.1', score: 0.5 },
        labeler: 'me',
      },
    ])
  })

  it('says of fresh answers what share of their variance lies within prompts', () => {
    expect(report.reference).toMatchObject({ samples: 4, prompts: 2, mean: 3.5 })
    expect(report.reference.withinPrompts).toBeCloseTo(2 / 5.5, 12)
  })

  it('has no clean accuracy where people ranked', () => {
    expect(report.clean).toBeNull()
  })

  it('is of the contract’s form, however little was measured', () => {
    const nothing = rewardReportOf({
      ...drawnMeasurement({ worth: quality => quality, noise: 0, raw: quality => quality }),
      train: [],
      validation: [],
      reference: [],
      judges: [],
    })
    expect(v.parse(rewardReport, nothing)).toEqual(nothing)
    expect(v.parse(rewardReport, report)).toEqual(report)
  })

  it('names at most fifty disagreements, of a prompt the worst, and at most 500 points', () => {
    const many = rewardReportOf(
      drawnMeasurement({ worth: quality => quality, noise: 0.3, raw: quality => 4 * quality, responses: 7 }),
    )
    expect(many.worst).toHaveLength(50)
    expect(new Set(many.worst.map(({ number }) => number)).size).toBe(50)
    const differences = many.worst.map(({ winner, loser }) => loser.score - winner.score)
    expect(differences).toEqual([...differences].sort((a, b) => b - a))
    expect(many.length.points).toHaveLength(500)
  })

  it('finds clean labels better matched than noisy ones, by as much as the noise says', () => {
    const noise = 0.1
    const { clean, validation } = rewardReportOf(
      drawnMeasurement(
        {
          worth: quality => quality,
          noise,
          raw: (quality, _, random) => 2 * quality + 3 * random.uniform(),
        },
        { reference: drawnReference(8, 5) },
      ),
    )
    const share = clean!.accuracy.share
    expect(clean).toMatchObject({ noise: expect.closeTo(noise, 12) })
    expect(share).toBeGreaterThan(validation.accuracy.share)
    const expected = share * (1 - noise) + (1 - share) * noise
    expect(Math.abs(validation.accuracy.share - expected)).toBeLessThan(
      4 * Math.sqrt((noise * (1 - noise)) / clean!.accuracy.n),
    )
  })
})
