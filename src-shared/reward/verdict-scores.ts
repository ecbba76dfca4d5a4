// What the verdict says of the scores themselves, and of how much they were learned from. Thresholds are judgement calls,
// named here with where they come from.
import { errorByChance, overconfidence } from './calibration.ts'
import type { Circumstances, Measured, Reason, Rule } from './verdict-reason.ts'
import { percent, signed, whole } from './verdict-words.ts'

/** A model that is right in 80 % where it says 90 % misjudges how much one answer is better. */
const MISCALIBRATED = 0.1
const BADLY_MISCALIBRATED = 0.2
/** Validation pairs from which that nothing is wrong with calibration or length means something. */
const PAIRS_THAT_SHOW = 30
/** How much more than chance gives must be seen. */
const TIMES_CHANCE = 2
/** Half of the order within prompts goes with length (Singhal et al. 2023: length explains most of many models' reward). */
const LENGTH_CORRELATION = 0.5
/** Below it length explains less than a tenth of the variance of ranks. */
const LENGTH_HAS_NO_PART = 0.3
/** What two decimals of a correlation do not show. */
const UNSEEN = 0.005
/** Labels of which this share goes by length teach length. */
const LENGTH_LABELS = 0.75
/** Of the correlation: labels that prefer what is polite and brief go with length themselves. */
const BEYOND_LABELS = 0.2
/** In nats of log-odds: σ(0.01) is .5025, a difference that the loss does not see; σ(0.1) is .525. */
const NO_SPREAD = 0.01
const LITTLE_SPREAD = 0.1
/** Of the variance: what is between prompts cancels out in phase 4, where answers to one prompt are compared. */
const NOTHING_WITHIN = 0.02
const LITTLE_WITHIN = 0.1
/** About 5,000 comparisons sufficed for a style (Ziegler et al. 2019: 4,992 of K = 4); fewer prompts are learned by heart. */
const FEW_PROMPTS = 200
const TOO_FEW_PROMPTS = 50

export const prompts: Rule = (_measured, { trainPrompts: { distinct, all } }) => {
  const code = 'prompts'
  const repeated = distinct < all ? `, which the chosen sets hold ${whole(all)} times` : ''
  const kind = distinct < all ? 'different prompt' : 'prompt'
  const said = `It was trained on ${distinct === 1 ? `one ${kind}` : `${whole(distinct)} ${kind}s`}${repeated}`
  const fix =
    'rank some hundreds of prompts; about 5,000 comparisons were enough for a style in Ziegler et al. 2019'
  if (distinct < TOO_FEW_PROMPTS)
    return { code, level: 'red', text: `${said}: too few for anything but to learn them by heart.`, fix }
  if (distinct < FEW_PROMPTS)
    return { code, level: 'amber', text: `${said}: few, so chance has much to say in it.`, fix }
  return { code, level: 'green', text: `${said}.`, fix: null }
}

export const variance: Rule = ({ reference: { samples, std, withinPrompts } }) => {
  const code = 'variance'
  const nothing = 'phase 4 would have nothing to learn from'
  const fix = 'train for longer, or on answers to the same prompt that differ more'
  if (samples < 2)
    return {
      code,
      level: 'red',
      text: 'There are no fresh answers of the fine-tuned model to score, so nothing says how its scores vary.',
      fix: 'train again with reference answers',
    }
  if (std < NO_SPREAD)
    return {
      code,
      level: 'red',
      text: `Fresh answers of the fine-tuned model all score the same (standard deviation ${std.toPrecision(2)}): ${nothing}.`,
      fix,
    }
  const within = `Of the variance of scores on fresh answers of the fine-tuned model, ${percent(withinPrompts)} lies between answers to the same prompt`
  if (withinPrompts < NOTHING_WITHIN)
    return { code, level: 'red', text: `${within}: it scores prompts, not answers, and ${nothing}.`, fix }
  if (withinPrompts < LITTLE_WITHIN)
    return { code, level: 'amber', text: `${within}: phase 4 would have little to learn from.`, fix }
  if (std < LITTLE_SPREAD)
    return {
      code,
      level: 'amber',
      text: `Fresh answers of the fine-tuned model score nearly the same (standard deviation ${std.toPrecision(2)}): phase 4 would have little to learn from.`,
      fix,
    }
  return { code, level: 'green', text: `${within}.`, fix: null }
}

/** Of a handful of pairs, that nothing was found is no good news. */
const unlessTooFew = ({ validation: { pairs } }: Measured, reason: Reason): Reason | null =>
  reason.level === 'green' && pairs < PAIRS_THAT_SHOW ? null : reason

export const length: Rule = (measured, circumstances) =>
  unlessTooFew(measured, lengthReason(measured, circumstances))

function lengthReason(
  { length: { correlation, longerWins } }: Measured,
  { labelsWithLength, labelsBeforeNoise }: Circumstances,
): Reason {
  const code = 'length'
  const way = correlation < 0 ? 'shorter' : 'longer'
  const labels = `the labels put the longer one first in ${percent(longerWins.share)}`
  const meant =
    Math.abs(labelsBeforeNoise - labelsWithLength) < UNSEEN
      ? ''
      : ` (${signed(labelsBeforeNoise)} before their noise)`
  const said = `Spearman’s correlation with length in characters, within prompts, is ${signed(correlation)} for scores and ${signed(labelsWithLength)} for labels${meant}; ${labels}`
  const scored = `${way === 'longer' ? 'Longer' : 'Shorter'} answers`
  const isRule = (share: number) => longerWins.n > 0 && share >= LENGTH_LABELS
  if (Math.abs(correlation) < LENGTH_CORRELATION)
    return {
      code,
      level: 'green',
      text: isRule(Math.max(longerWins.share, 1 - longerWins.share))
        ? `The labels go by length, the model less: ${said}.`
        : Math.abs(correlation) < LENGTH_HAS_NO_PART
          ? `Length does not decide: ${said}.`
          : `${scored} score somewhat higher: ${said}.`,
      fix: null,
    }
  if (isRule(way === 'longer' ? longerWins.share : 1 - longerWins.share))
    return {
      code,
      level: 'amber',
      text: `${scored} score higher: ${said}. Phase 4 would write ${way} answers before it wrote better ones.`,
      fix: `rank answers of equal length against each other, or accept that the rule is “${way} wins”`,
    }
  const more = Math.sign(correlation) * (correlation - labelsBeforeNoise)
  return more > BEYOND_LABELS
    ? {
        code,
        level: 'amber',
        text: `${scored} score higher, more than labels ask for: ${said}. Phase 4 would write ${way} answers before it wrote better ones.`,
        fix: 'rank answers of equal length against each other',
      }
    : { code, level: 'green', text: `${scored} score higher, as in the labels: ${said}.`, fix: null }
}

export const calibration: Rule = measured => {
  const { calibration: bins, calibrationError: error } = measured
  if (bins.length === 0) return null
  const code = 'calibration'
  const said = `What it is sure of and what holds differ by ${percent(error)} on average`
  if (error <= MISCALIBRATED || error <= TIMES_CHANCE * errorByChance(bins))
    return unlessTooFew(measured, { code, level: 'green', text: `${said}.`, fix: null })
  const isTooSure = overconfidence(bins) > 0
  return {
    code,
    // Modesty turns no order round; a model that is sure of what is wrong does.
    level: isTooSure && error > BADLY_MISCALIBRATED ? 'red' : 'amber',
    text: `${said}: it is ${isTooSure ? 'surer than it is right' : 'righter than it is sure'}.`,
    fix: isTooSure
      ? 'train for fewer epochs, or with a lower learning rate'
      : 'train for longer, or with a higher learning rate',
  }
}
