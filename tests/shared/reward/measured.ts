// Measurements of reward models that never were: scores and labels drawn by a stated rule.
import type { Agreement } from '../../../src-shared/contract/preferences-contract.ts'
import type { Judgement } from '../../../src-shared/contract/reward-contract.ts'
import { shareOf } from '../../../src-shared/metrics/share.ts'
import { type RandomStream, randomStream } from '../../../src-shared/random/counter.ts'
import type { LabeledPair, MeasuredPrompt } from '../../../src-shared/reward/measured-prompt.ts'
import type { Measurement } from '../../../src-shared/reward/report.ts'

export interface Rule {
  /** What the labeler goes by. */
  readonly worth: (quality: number, characters: number) => number
  readonly noise: number
  /** What the model gives. */
  readonly raw: (quality: number, characters: number, random: RandomStream) => number
  readonly responses?: number
}

/** Qualities −1, 0 or 1 and lengths are drawn; labels and scores follow from them. What is worth the same makes no pair. */
export function drawnPrompts(count: number, seed: number, rule: Rule): MeasuredPrompt[] {
  const random = randomStream(seed, 'measured')
  const { worth, noise, raw, responses: k = 4 } = rule
  return Array.from({ length: count }, (_, number) => {
    const drawn = Array.from({ length: k }, () => ({
      quality: random.integer(3) - 1,
      characters: 3 + random.integer(20),
    }))
    const responses = drawn.map(({ quality, characters }, i) => {
      const score = raw(quality, characters, random)
      return { text: `answer ${i} of ${number}`, characters, raw: score, score: score / 2 }
    })
    const pairs: LabeledPair[] = []
    for (let a = 0; a < k; a++)
      for (let b = a + 1; b < k; b++) {
        const [worthA, worthB] = [a, b].map(i => worth(drawn[i]!.quality, drawn[i]!.characters)) as [
          number,
          number,
        ]
        if (worthA === worthB) continue
        const clean = random.uniform() >= noise
        const [winner, loser] = worthA > worthB === clean ? [a, b] : [b, a]
        pairs.push({ winner, loser, labeler: 'simulated', simulated: { clean, noise } })
      }
    const messages = [{ role: 'user' as const, content: `question ${number}` }]
    return { key: `${seed}/${number}`, set: 'set-1', number, messages, responses, pairs }
  })
}

export const simulatedCeiling = (noise: number, pairs: number): Agreement => ({
  self: [],
  between: [],
  ceiling: { source: 'simulated', share: 1 - noise, low: 1 - noise, high: 1 - noise, n: pairs },
})

export const judged = (
  kind: string,
  group: Judgement['group'],
  hits: number,
  n = 200,
  title = kind,
): Judgement => ({ kind, title, group, accuracy: shareOf(hits, n), examples: [] })

export const allWell: readonly Judgement[] = [
  judged('true-over-false', 'truth', 180),
  judged('good-over-bad-style', 'style', 195),
  judged('true-over-abstention', 'abstention', 170),
  judged('abstention-over-invention', 'abstention', 160),
  judged('right-over-wrong', 'tasks', 185),
  judged('right-over-abstention', 'abstention', 198),
]

/** Four answers a prompt, whose scores differ within it about as much as between prompts. */
export function drawnReference(prompts: number, seed: number): number[][] {
  const random = randomStream(seed, 'reference')
  return Array.from({ length: prompts }, () => {
    const prompt = 4 * random.uniform()
    return Array.from({ length: 4 }, () => prompt + 4 * random.uniform())
  })
}

/** @param rule by which train and validation are drawn */
export function drawnMeasurement(rule: Rule, changes: Partial<Measurement> = {}): Measurement {
  return {
    checkpoint: 'run-1-100',
    createdAt: '2026-11-27T12:00:00.000Z',
    train: drawnPrompts(300, 1, rule),
    trainPrompts: { distinct: 900, all: 900 },
    validation: drawnPrompts(100, 2, rule),
    agreement: simulatedCeiling(rule.noise, 400),
    reference: drawnReference(64, 3),
    judges: allWell,
    ...changes,
  }
}
