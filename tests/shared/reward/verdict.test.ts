import { describe, expect, it } from 'vitest'
import type { Judgement, Verdict } from '../../../src-shared/contract/reward-contract.ts'
import { shareOf } from '../../../src-shared/metrics/share.ts'
import { type Measurement, rewardReportOf } from '../../../src-shared/reward/report.ts'
import { allWell, drawnMeasurement, drawnPrompts, drawnReference, judged, type Rule } from './measured.ts'

/** Labels go by quality, with a tenth turned round; the model nearly knows quality, and how noisy labels are. */
const learned: Rule = {
  worth: quality => quality,
  noise: 0.1,
  raw: (quality, _, random) => 2 * quality + 3 * random.uniform(),
}

const verdict = (rule: Rule = learned, changes: Partial<Measurement> = {}): Verdict =>
  rewardReportOf(drawnMeasurement(rule, changes)).verdict

const reason = ({ reasons }: Verdict, code: string) => {
  const found = reasons.find(reason => reason.code === code)
  if (!found) throw new Error(`no reason ${code} among ${reasons.map(({ code }) => code).join(', ')}`)
  return found
}

const instead = (judgement: Judgement): Judgement[] =>
  allWell.map(other => (other.kind === judgement.kind ? judgement : other))

describe('The verdict before phase 4', () => {
  it('is green where labels are matched as far as they can be, and truth, style, tasks and abstention too', () => {
    const all = verdict()
    expect(all.reasons.filter(({ level }) => level !== 'green')).toEqual([])
    expect(all.level).toBe('green')
    expect(all.summary).toBe(
      'It can judge truth, style, right from wrong answers to tasks and when to say “I don’t know.”.',
    )
    expect(reason(all, 'accuracy').text).toMatch(
      /^On prompts .* in (8|9)\d % of 4\d\d pairs \(95 % interval \d\d–\d\d %\)\. Against the simulated labelers before their noise: 9\d %\.$/,
    )
  })

  it('is red where labels were shuffled', () => {
    const shuffled = verdict({
      worth: quality => quality,
      noise: 0.5,
      raw: (_q, _t, random) => random.uniform(),
    })
    expect(shuffled.level).toBe('red')
    expect(shuffled.reasons[0]).toMatchObject({ code: 'accuracy', level: 'red' })
    expect(shuffled.reasons[0]!.text).toMatch(/(4|5)\d % of 4\d\d pairs .* cannot be told from guessing/)
    expect(reason(shuffled, 'ceiling')).toMatchObject({ level: 'red' })
    expect(shuffled.summary).toMatch(
      /^On prompts that it was not trained on, it cannot be told from guessing\./,
    )
  })

  it('says so where the model prefers what labelers put last', () => {
    const turned = verdict({ ...learned, raw: quality => -3 * quality })
    expect(turned.reasons[0]).toMatchObject({ code: 'accuracy', level: 'red' })
    expect(turned.reasons[0]!.text).toContain('worse than guessing')
  })

  it('is red on 20 prompts, and says that they are few', () => {
    const few = verdict(learned, {
      train: drawnPrompts(18, 1, learned),
      trainPrompts: { distinct: 18, all: 18 },
      validation: drawnPrompts(2, 2, learned),
    })
    expect(few.level).toBe('red')
    expect(reason(few, 'prompts')).toMatchObject({
      level: 'red',
      text: 'It was trained on 18 prompts: too few for anything but to learn them by heart.',
    })
    expect(reason(few, 'prompts').fix).toContain('rank some hundreds of prompts')
  })

  it('is amber on 120 prompts', () => {
    expect(reason(verdict(learned, { trainPrompts: { distinct: 120, all: 120 } }), 'prompts').level).toBe(
      'amber',
    )
  })

  it('counts a prompt once that stands in several sets', () => {
    expect(reason(verdict(learned, { trainPrompts: { distinct: 40, all: 1200 } }), 'prompts')).toMatchObject({
      level: 'red',
      text: expect.stringMatching(
        /^It was trained on 40 different prompts, which the chosen sets hold 1,200 times: too few/,
      ),
    })
  })

  it('names length where the longer answer wins', () => {
    const longer = verdict({
      worth: (quality, characters) => characters + quality / 100,
      noise: 0,
      raw: (_quality, characters) => characters / 2,
    })
    expect(longer.level).toBe('amber')
    const { level, text } = reason(longer, 'length')
    expect(level).toBe('amber')
    expect(text).toMatch(
      /^Longer answers score higher: Spearman’s correlation with length in characters, within prompts, is (0\.9\d|1\.00) for scores and (0\.9\d|1\.00) for labels; the labels put the longer one first in 100 %/,
    )
  })

  it('names length where the shorter answer wins, too', () => {
    const { level, text } = reason(
      verdict({ worth: (_, characters) => -characters, noise: 0.1, raw: (_, characters) => -characters / 3 }),
      'length',
    )
    expect(level).toBe('amber')
    expect(text).toMatch(/^Shorter answers score higher: .* is −(0\.9\d|1\.00) for scores/)
  })

  it('does not call length the rule of labels that go against it', () => {
    const { level, text, fix } = reason(
      verdict({ worth: (_, characters) => -characters, noise: 0.1, raw: (_, characters) => characters / 3 }),
      'length',
    )
    expect(level).toBe('amber')
    expect(text).toMatch(/^Longer answers score higher, more than labels ask for: /)
    expect(fix).toBe('rank answers of equal length against each other')
  })

  it('says that length would explain the labels where the model does not go by it', () => {
    const { level, text } = reason(
      verdict({
        worth: (quality, characters) => characters + 2 * quality,
        noise: 0,
        raw: (quality, characters) => 3 * quality + characters / 20,
      }),
      'length',
    )
    expect(level).toBe('green')
    expect(text).toMatch(/^The labels go by length, the model less: /)
  })

  it('does not blame a model for what the labels themselves ask for, and names it all the same', () => {
    // Half of the labels’ order goes with brevity, as where padding is bad style; the model follows the labels.
    const brief = (quality: number, characters: number) => 6 * quality - characters
    const { level, text } = reason(
      verdict({ worth: brief, noise: 0.1, raw: (quality, characters) => brief(quality, characters) / 4 }),
      'length',
    )
    expect(level).toBe('green')
    expect(text).toMatch(
      /^Shorter answers score higher, as in the labels: .* is −0\.\d\d for scores and −0\.\d\d for labels \(−0\.\d\d before their noise\); /,
    )
  })

  it('does not say that length does not decide where it has some part', () => {
    const rule = (part: number): Rule => ({
      ...learned,
      raw: (quality, characters) => 2 * quality + part * characters,
    })
    expect(reason(verdict(rule(0)), 'length').text).toMatch(/^Length does not decide: /)
    expect(reason(verdict(rule(0.12)), 'length')).toMatchObject({
      level: 'green',
      text: expect.stringMatching(/^Longer answers score somewhat higher: .* is 0\.(3|4)\d for scores/),
    })
  })

  it('blames a model that goes by length more than the labels do', () => {
    const { level, text } = reason(
      verdict({
        worth: (quality, characters) => 9 * quality - characters / 9,
        noise: 0.1,
        raw: (quality, characters) => (quality - characters) / 4,
      }),
      'length',
    )
    expect(level).toBe('amber')
    expect(text).toMatch(/^Shorter answers score higher, more than labels ask for: /)
  })

  it('tells a judge of style from a judge of truth', () => {
    const style = verdict(learned, { judges: instead(judged('true-over-false', 'truth', 108)) })
    expect(style.level).toBe('amber')
    expect(style.reasons[0]).toMatchObject({ code: 'truth', level: 'amber' })
    expect(style.reasons[0]!.text).toMatch(
      /in 54 % of 200 pairs .*: whatever it judges, style perhaps, it is not truth\.$/,
    )
    expect(style.summary).toContain('It can judge style')
    expect(style.summary).toContain('It cannot judge truth.')
  })

  it.each([
    ['truth that is better than guessing', judged('true-over-false', 'truth', 140), 'not to be relied on'],
    ['truth asked too little', judged('true-over-false', 'truth', 12, 15), 'asked too little'],
    ['style that is not judged', judged('good-over-bad-style', 'style', 104), 'close to guessing'],
    [
      'invention preferred to honesty',
      judged('abstention-over-invention', 'abstention', 56),
      'it prefers the worse one',
    ],
    ['tasks judged badly', judged('right-over-wrong', 'tasks', 110), 'close to guessing'],
  ])('is amber for %s', (_, judgement, remark) => {
    const { level, reasons, summary } = verdict(learned, { judges: instead(judgement) })
    expect(level).toBe('amber')
    expect(reasons[0]).toMatchObject({ code: judgement.group, level: 'amber' })
    expect(reasons[0]!.text).toContain(remark)
    expect(reasons[0]!.fix).not.toBeNull()
    expect(summary).toMatch(/It cannot judge/)
  })

  it.each([
    ['“I don’t know.” beats right answers', judged('true-over-abstention', 'abstention', 60)],
    [
      '“I don’t know.” beats right answers to ordinary tasks',
      judged('right-over-abstention', 'abstention', 40),
    ],
    ['false answers beat true ones', judged('true-over-false', 'truth', 70)],
    ['bad style beats good style', judged('good-over-bad-style', 'style', 50)],
  ])('is red where %s', (_, judgement) => {
    const { level, reasons } = verdict(learned, { judges: instead(judgement) })
    expect(level).toBe('red')
    expect(reasons[0]).toMatchObject({ code: judgement.group, level: 'red' })
    expect(reasons[0]!.text).toContain('it prefers the worse one')
  })

  it('is never green where truth was not measured', () => {
    const people = verdict(learned, { judges: [] })
    expect(people.level).toBe('amber')
    expect(people.reasons[0]).toMatchObject({ code: 'truth', level: 'amber' })
    expect(people.reasons[0]!.text).toMatch(/^Whether it tells true from false was not measured/)
    expect(people.summary).toMatch(
      /^It agrees with the labels of held-out prompts in (8|9)\d %\. Whether it tells true from false was not measured\.$/,
    )
  })

  it('is not green where truth was asked and style was not', () => {
    const { level, reasons } = verdict(learned, { judges: [judged('true-over-false', 'truth', 190)] })
    expect(level).toBe('amber')
    expect(reasons[0]).toMatchObject({ code: 'style', level: 'amber' })
  })

  it('is amber where nobody knows how far labels agree', () => {
    const { reasons } = verdict(learned, { agreement: { self: [], between: [], ceiling: null } })
    expect(reasons[0]).toMatchObject({ code: 'ceiling', level: 'amber' })
  })

  it('says why there is no ceiling, and that there is no rule where labels agree as by chance', () => {
    const without = (code: 'too-few' | 'by-chance', text: string) =>
      reason(
        verdict(learned, { agreement: { self: [], between: [], ceiling: null, noCeiling: { code, text } } }),
        'ceiling',
      )
    expect(without('too-few', 'Only 6 pairs were judged twice: too few to say')).toMatchObject({
      level: 'amber',
      text: 'Only 6 pairs were judged twice: too few to say; nobody knows how good the model could be.',
    })
    expect(without('by-chance', 'Of 40 pairs 45 %')).toMatchObject({
      level: 'red',
      text: 'Of 40 pairs 45 %: there is no rule in the labels that a model could learn.',
    })
  })

  it('calls neither calibration nor length good by a handful of pairs', () => {
    const codes = (prompts: number) =>
      verdict(learned, { validation: drawnPrompts(prompts, 2, learned) }).reasons.map(({ code }) => code)
    expect(codes(100)).toEqual(expect.arrayContaining(['calibration', 'length']))
    const few = codes(4)
    expect(few).not.toContain('calibration')
    expect(few).not.toContain('length')
    const longer: Rule = {
      worth: (_, characters) => characters,
      noise: 0,
      raw: (_, characters) => characters,
    }
    expect(reason(verdict(longer, { validation: drawnPrompts(4, 2, longer) }), 'length').level).toBe('amber')
  })

  it('suspects what is better than labels that agree so little can be predicted', () => {
    const ceiling = { source: 'between' as const, ...shareOf(600, 1000) }
    const { level, text } = reason(
      verdict(learned, { agreement: { self: [], between: [], ceiling } }),
      'ceiling',
    )
    expect(level).toBe('amber')
    expect(text).toMatch(/at most 7\d % to be predicted, yet .* it may have seen them/)
  })

  it('does not suspect a model of being better than labelers repeat themselves: they err twice, it errs once', () => {
    // Noise of a tenth: two labels of a pair agree in .9² + .1² = .82, and .9 can be predicted.
    const ceiling = { source: 'self' as const, ...shareOf(8200, 10_000) }
    const agreement = { self: [], between: [], ceiling }
    const knowing: Rule = { ...learned, raw: (quality, _, random) => 2 * quality + random.uniform() }
    const changes = { agreement, validation: drawnPrompts(1000, 2, knowing) }
    const { low, share } = rewardReportOf(drawnMeasurement(knowing, changes)).validation.accuracy
    expect(low).toBeGreaterThan(ceiling.high)
    expect(Math.abs(share - 0.9)).toBeLessThan(0.02)
    expect(reason(verdict(knowing, changes), 'ceiling')).toMatchObject({ level: 'green' })
  })

  it('says where there is more in the labels than was learned', () => {
    const dull: Rule = { ...learned, raw: (quality, _, random) => quality + 3 * random.uniform() }
    expect(reason(verdict(dull), 'ceiling')).toMatchObject({ level: 'amber' })
    expect(reason(verdict(dull), 'ceiling').text).toMatch(/more in the labels than it has learned/)
  })

  it('suspects a model that knows the labelers’ errors', () => {
    // Validation prompts whose noisy labels were learned by heart.
    const seen = drawnPrompts(100, 2, learned).map(prompt => ({
      ...prompt,
      responses: prompt.responses.map((response, i) => {
        const wins = prompt.pairs.filter(({ winner }) => winner === i).length
        return { ...response, raw: wins + response.raw / 100, score: wins / 2 + response.score / 100 }
      }),
    }))
    const { level, text } = reason(verdict(learned, { validation: seen }), 'noise')
    expect(level).toBe('amber')
    expect(text).toMatch(/errors that it cannot know/)
  })

  it('trusts simulated labelers of different noise, whom the model knows differently well', () => {
    // Of the first labeler, who never errs, all is known; of the second, who errs in 40 %, hardly anything.
    const exact: Rule = { ...learned, noise: 0, raw: quality => 3 * quality }
    const rough: Rule = { ...learned, noise: 0.4, raw: (_quality, _characters, random) => random.uniform() }
    const validation = [...drawnPrompts(300, 2, exact), ...drawnPrompts(300, 3, rough)]
    const { reasons } = verdict(learned, { validation })
    expect(reasons.filter(({ code }) => code === 'noise')).toEqual([])
  })

  it('says what is learned by heart', () => {
    const dull: Rule = { ...learned, raw: (quality, _, random) => quality + 5 * random.uniform() }
    expect(reason(verdict(learned, { validation: drawnPrompts(100, 2, dull) }), 'overfitting')).toMatchObject(
      {
        level: 'amber',
      },
    )
  })

  it('is red where fresh answers all score the same, or differ from prompt to prompt only', () => {
    const same = verdict(learned, {
      reference: [
        [1, 1.001],
        [1.002, 1],
        [1, 1],
      ],
    })
    expect(reason(same, 'variance')).toMatchObject({ level: 'red' })
    expect(reason(same, 'variance').text).toMatch(/phase 4 would have nothing to learn from/)
    const prompts = drawnReference(64, 3).map(([first]) => [first!, first! + 0.001, first! - 0.001])
    expect(reason(verdict(learned, { reference: prompts }), 'variance')).toMatchObject({ level: 'red' })
    expect(reason(verdict(learned, { reference: [] }), 'variance')).toMatchObject({ level: 'red' })
  })

  it('is red where a model is sure of what is wrong, and amber where it is only modest', () => {
    const loud: Rule = { ...learned, raw: (quality, _, random) => 40 * (quality + 4 * random.uniform()) }
    expect(reason(verdict(loud), 'calibration')).toMatchObject({ level: 'red' })
    expect(reason(verdict(loud), 'calibration').text).toContain('surer than it is right')
    const modest: Rule = { ...learned, raw: quality => quality / 10 }
    expect(reason(verdict(modest), 'calibration')).toMatchObject({ level: 'amber' })
    expect(reason(verdict(modest), 'calibration').text).toContain('righter than it is sure')
  })

  it('is red where nothing was held out', () => {
    const { level, reasons } = verdict(learned, { validation: [] })
    expect(level).toBe('red')
    expect(reasons[0]!.text).toMatch(/^No pair was held out/)
  })

  it('puts the worst first, gives every fault something to do, and what is well nothing', () => {
    const rank = { red: 0, amber: 1, green: 2 }
    for (const all of [
      verdict(),
      verdict(learned, { judges: [], trainPrompts: { distinct: 12, all: 12 }, reference: [] }),
      verdict({ ...learned, noise: 0.5 }, { agreement: { self: [], between: [], ceiling: null } }),
    ]) {
      const levels = all.reasons.map(({ level }) => rank[level])
      expect(levels).toEqual([...levels].sort((a, b) => a - b))
      expect(rank[all.level]).toBe(levels[0])
      for (const { level, fix } of all.reasons) expect(fix === null).toBe(level === 'green')
    }
  })
})
