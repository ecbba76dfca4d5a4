import { describe, expect, it } from 'vitest'
import { type PpoConfig, parsePpoConfig, ppoFields } from '../../../src-shared/config/ppo-config.ts'
import { metrics } from '../../../src-shared/metrics/metrics.ts'
import { diagnose, doctorMetrics, PpoDoctor } from '../../../src-shared/ppo/doctor.ts'
import { doctorRules } from '../../../src-shared/ppo/doctor-rules.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'

type Values = Record<string, number>
type Points = { step: number; values: Values }[]

/** A run as it should be: the KL grows to 3 nats, the reward by 1, everything with the noise of 128 answers. */
function healthy(updates = 120, seed = 1): Points {
  const random = randomStream(seed, 'healthy run')
  const noise = (size: number) => (random.uniform() + random.uniform() + random.uniform() - 1.5) * 2 * size
  const began = { step: 0, values: { eval_score: 0, eval_kl: 0 } }
  const points = Array.from({ length: updates }, (_, i) => {
    const done = i / updates
    const kl = 3 * done
    const evaluation: Values =
      i % 10 === 0
        ? {
            eval_score: done + noise(0.05),
            ...(i > 0 ? { eval_win_rate: 0.5 + 0.12 * done + noise(0.05) } : {}),
          }
        : {}
    return {
      step: i + 1,
      values: {
        'objective/kl': i === 0 ? 0 : kl + noise(Math.sqrt((2 * kl) / 128)),
        'objective/kl_coef': 0.05,
        'objective/scores': done + noise(0.08),
        'objective/scores_std': 1 - 0.4 * done + noise(0.05),
        'policy/entropy_avg': 0.9 - 0.4 * done + noise(0.05),
        'loss/value_avg': 0.5 - 0.3 * done + noise(0.06),
        'val/ratio': 1 + noise(0.02),
        'val/first_log_ratio': 2e-6,
        'response/length': 9 - 2 * done + noise(0.5),
        'response/eos_rate': 0.95 + noise(0.02),
        'response/top_share': 0.07 + 0.05 * done + noise(0.02),
        ...evaluation,
      },
    }
  })
  return [began, ...points]
}

/** The healthy run, with one metric bent from an update on. */
const bent = (name: string, to: (value: number, updatesSince: number) => number, from = 40): Points =>
  healthy().map(({ step, values }) => {
    const value = values[name]
    return step < from || value === undefined
      ? { step, values }
      : { step, values: { ...values, [name]: to(value, step - from) } }
  })

const config = (given: Partial<PpoConfig> = {}) => parsePpoConfig(given)
const found = (points: Points, given: Partial<PpoConfig> = {}) => diagnose(points, config(given))
const rulesOf = (points: Points, given: Partial<PpoConfig> = {}) =>
  found(points, given).map(({ rule }) => rule)
const theOnly = (points: Points, given: Partial<PpoConfig> = {}) => {
  const all = found(points, given)
  expect(all.map(({ rule }) => rule)).toHaveLength(1)
  return all[0]!
}

describe('The doctor of phase 4', () => {
  it('finds nothing in a healthy run, whatever its noise', () => {
    for (let seed = 1; seed <= 40; seed++) expect(rulesOf(healthy(120, seed)), `seed ${seed}`).toEqual([])
  })

  it('has nothing to say before there is something to compare with', () => {
    expect(rulesOf([])).toEqual([])
    expect(rulesOf(healthy(1))).toEqual([])
    expect(rulesOf([{ step: 1, values: { 'objective/kl': Number.NaN, num_tokens: 4 } }])).toEqual([])
  })

  it('hears within ten updates that everything becomes one answer, slow as it may be, and holds the policy tighter', () => {
    for (const perUpdate of [0.03, 0.05, 0.2]) {
      const finding = theOnly(bent('response/top_share', (v, n) => Math.min(1, v + perUpdate * n)))
      expect(finding).toMatchObject({
        rule: 'one-answer',
        level: 'alarm',
        advice: { field: 'klCoef', value: 0.1 },
      })
      expect(finding.since).toBeLessThanOrEqual(40 + 10)
      expect(finding.text).toMatch(/\d% of the answers are the same one; it was \d+% at the start/)
    }
  })

  it('names β = 0 where nothing holds the policy, and only there', () => {
    const drifting = bent('objective/kl', (_, n) => 1 + 0.5 * n, 10)
    const finding = found(drifting, { klCoef: 0 })[0]!
    expect(finding).toMatchObject({ rule: 'kl-no-charge', advice: { field: 'klCoef', value: 0.05 } })
    expect(finding.text).toContain('coefficient β is 0')
    expect(finding.since).toBeLessThan(20)
    // Answers of five tokens have gone as far at a nat as long ones at two.
    const short = bent('response/length', () => 5, 10).map(point => ({
      ...point,
      values: { ...point.values, 'objective/kl': Math.min(1.2, 0.02 * point.step) },
    }))
    expect(rulesOf(short, { klCoef: 0 })).toContain('kl-no-charge')
    expect(rulesOf(short, { klCoef: 0.05 })).not.toContain('kl-no-charge')
    expect(theOnly(drifting, { klCoef: 0.001 })).toMatchObject({
      rule: 'kl-runaway',
      advice: { field: 'klCoef', value: 0.002 },
    })
  })

  it('measures the KL against its target where there is one', () => {
    expect(rulesOf(healthy(), { klTarget: 2 })).toEqual([])
    const finding = theOnly(healthy(), { klTarget: 0.5 })
    expect(finding).toMatchObject({ rule: 'kl-above-target', advice: { field: 'klCoef', value: 0.1 } })
  })

  it('takes a negative KL for what it is, and chance for chance', () => {
    expect(theOnly(bent('objective/kl', () => -0.3)).rule).toBe('kl-negative')
    expect(rulesOf(bent('objective/kl', (_, n) => (n % 2 ? -0.015 : 0.01)))).toEqual([])
    expect(
      rulesOf(
        bent('objective/kl', () => -0.3),
        { batchSize: 8 },
      ),
    ).toEqual([])
  })

  it.each([
    ['kl-at-start', bent('objective/kl', v => v + 0.4, 0), 'objective/kl'],
    ['first-ratio', bent('val/first_log_ratio', () => 3e-3), 'val/first_log_ratio'],
    ['ratio', bent('val/ratio', v => v + 0.3), 'val/ratio'],
    ['end-tokens', bent('response/eos_rate', (v, n) => v - 0.02 * n), 'response/eos_rate'],
    ['length', bent('response/length', (v, n) => v + 0.4 * n), 'response/length'],
    ['length', bent('response/length', () => 2), 'response/length'],
    ['entropy', bent('policy/entropy_avg', (v, n) => v * 0.9 ** n), 'policy/entropy_avg'],
    ['no-signal', bent('objective/scores_std', (v, n) => v * 0.8 ** n), 'objective/scores_std'],
    ['no-signal', bent('objective/scores_std', () => 0, 0), 'objective/scores_std'],
    ['value-loss', bent('loss/value_avg', (v, n) => v + 0.1 * n), 'loss/value_avg'],
  ])('finds %s where only that is wrong', (rule, points, metric) => {
    const finding = theOnly(points)
    expect(finding.rule).toBe(rule)
    expect(doctorRules.find(({ id }) => id === rule)!.metrics).toContain(metric)
    expect(finding.text).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('sounds the alarm when the reward rises and the answers get worse', () => {
    const hacked = bent('eval_win_rate', (v, n) => Math.max(0, v - 0.01 * n))
    const finding = theOnly(hacked)
    expect(finding).toMatchObject({ rule: 'reward-hacking', level: 'alarm' })
    expect(finding.text).toMatch(
      /wins over the fine-tuned model, the mean of two evaluations, fell from \d+% to \d+%/,
    )
    // Of a few answers such a fall may be chance.
    expect(rulesOf(hacked.slice(0, 62), { batchSize: 8, evalBatches: 1 })).not.toContain('reward-hacking')
    const honest = bent('eval_score', (v, n) => v - 0.03 * n)
    expect(
      rulesOf(
        honest.map(({ step, values }, i) => ({ step, values: { ...values, ...hackedWins(hacked[i]!) } })),
      ),
    ).toEqual([])
  })

  it('says each thing once, and when it is over', () => {
    const doctor = new PpoDoctor(config())
    const told = bent('val/ratio', (v, n) => (n < 20 ? v + 0.4 : v)).flatMap(({ step, values }) =>
      doctor.hear(step, values),
    )
    expect(told).toHaveLength(1)
    expect(doctor.findings[0]).toMatchObject({ rule: 'ratio', since: told[0]!.since })
    expect(doctor.findings[0]!.until).toBeGreaterThanOrEqual(60)
    expect(doctor.findings[0]!.until).toBeLessThan(64)
  })

  it('tells the newest figures of what it found earlier', () => {
    const doctor = new PpoDoctor(config())
    const points = bent('response/top_share', (v, n) => Math.min(1, v + 0.05 * n))
    const [told] = points.flatMap(({ step, values }) => doctor.hear(step, values))
    const [finding] = doctor.findings
    expect(finding).toMatchObject({ since: told!.since, until: null })
    expect(told!.text).toMatch(/^\d\d% of the answers/)
    expect(finding!.text).toMatch(/^100% of the answers/)
  })

  it('hears metrics of one update in any number of parts', () => {
    const points = bent('response/top_share', (v, n) => Math.min(1, v + 0.05 * n))
    const parted = points.flatMap(({ step, values }) =>
      Object.entries(values).map(([name, value]) => ({ step, values: { [name]: value } })),
    )
    expect(found(parted)).toEqual(found(points))
  })

  it('reads metrics and advises fields that there are, with values that they accept', () => {
    for (const name of doctorMetrics) expect(Object.keys(metrics)).toContain(name)
    const ids = doctorRules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const everything = healthy().map(({ step, values }) => ({
      step,
      values: Object.fromEntries(
        Object.entries(values).map(([name, v]) => [
          name,
          step < 40
            ? v
            : name.includes('rate') || name.includes('entropy') || name.includes('std')
              ? v / 50
              : 40 * v,
        ]),
      ),
    }))
    for (const given of [{}, { klCoef: 0 }, { klTarget: 1 }, { missingEosPenalty: 0, learningRate: 0 }]) {
      const advised = found(everything, given).flatMap(({ advice }) => (advice ? [advice] : []))
      expect(advised.length).toBeGreaterThan(3)
      for (const { field, value } of advised)
        expect(() => parsePpoConfig({ [field]: value }), field).not.toThrow()
      for (const { field } of advised) expect(Object.keys(ppoFields)).toContain(field)
    }
  })
})

const hackedWins = ({ values }: Points[number]): Values =>
  values.eval_win_rate === undefined ? {} : { eval_win_rate: values.eval_win_rate }
