// What the verdict says of how often the labels are matched. Thresholds are judgement calls, named here with where they
// come from.
import { predictableShare } from '../preferences/agreement.ts'
import type { Rule } from './verdict-reason.ts'
import { percent, shareOfMany } from './verdict-words.ts'

/** Of an accuracy's interval: at or below it, a coin could have done it. */
const GUESSING = 0.5
/** Human labels are matched in 65–72 % by good reward models (Ouyang et al. 2022 §4.1: 72.4 %); this is hardly a signal. */
const BARELY = 0.6
/** Below the ceiling by more than this, there is more in the labels than was learned. */
const BELOW_CEILING = 0.1
/** Labels that agree so little say nothing that could be learned; people agree in 73–77 % (Ouyang et al. 2022 §3.4). */
const NO_AGREEMENT = 0.6
/** Training accuracy above validation by more than this is learned by heart. */
const OVERFITTED = 0.15
/** Standard errors between what noisy labels are matched in and what follows from their noise. */
const NOISE_DEVIATIONS = 4

export const accuracy: Rule = ({ validation, clean }) => {
  const { share, low, high, n } = validation.accuracy
  const code = 'accuracy'
  if (n === 0)
    return {
      code,
      level: 'red',
      text: 'No pair was held out: nothing says whether the model has learned more than its own examples.',
      fix: 'keep a share of the prompts for validation, and train again',
    }
  const simulated = clean
    ? ` Against the simulated labelers before their noise: ${percent(clean.accuracy.share)}.`
    : ''
  const said = `On prompts that it was not trained on, it prefers what the labeler preferred in ${shareOfMany(validation.accuracy, 'pairs')}`
  if (high < GUESSING)
    return {
      code,
      level: 'red',
      text: `${said}: worse than guessing, as if winners and losers were exchanged.${simulated}`,
      fix: 'look at the worst disagreements: are the labels of these prompts the wrong way round?',
    }
  if (low <= GUESSING)
    return {
      code,
      level: 'red',
      text: `${said}: that cannot be told from guessing.${simulated}`,
      fix: 'rank more prompts; if the worst disagreements show labels without a rule, rank those anew',
    }
  if (share < BARELY)
    return {
      code,
      level: 'amber',
      text: `${said}: barely better than guessing.${simulated}`,
      fix: 'rank more prompts, or train for longer while the loss on validation still falls',
    }
  return { code, level: 'green', text: `${said}.${simulated}`, fix: null }
}

export const ceiling: Rule = ({ validation, agreement }) => {
  const { accuracy } = validation
  const code = 'ceiling'
  const limit = agreement.ceiling
  const anew = 'agree on what makes an answer better, and rank anew'
  const measure = 'rank the prompts that come back on the bench, or add the rankings of a second labeler'
  if (!limit) {
    const why = agreement.noCeiling?.text ?? 'How far the labels agree with themselves was not measured'
    return agreement.noCeiling?.code === 'by-chance'
      ? {
          code,
          level: 'red',
          text: `${why}: there is no rule in the labels that a model could learn.`,
          fix: anew,
        }
      : { code, level: 'amber', text: `${why}; nobody knows how good the model could be.`, fix: measure }
  }
  const who = {
    simulated: 'Their stated noise leaves the simulated labelers',
    self: 'The labelers agree with themselves in',
    between: 'The labelers agree with each other in',
    mixed: 'People’s agreement and the stated noise of simulated labelers come, by their pairs, to',
  }[limit.source]
  const said =
    limit.source === 'simulated' ? `${who} ${percent(limit.share)}` : `${who} ${shareOfMany(limit, 'pairs')}`
  if (limit.high < NO_AGREEMENT)
    return {
      code,
      level: 'red',
      text: `${said}: there is no rule in the labels that a model could learn.`,
      fix: anew,
    }
  // Labels that are measured against each other err twice, the model only once.
  const most = limit.source === 'simulated' ? limit.high : predictableShare(limit.high)
  if (accuracy.low > most)
    return {
      code,
      level: 'amber',
      text: `${said}, which leaves at most ${percent(most)} to be predicted, yet the model matches ${percent(accuracy.share)} of held-out labels: it may have seen them.`,
      fix: 'look for prompts that are nearly the same on both sides of the split',
    }
  if (accuracy.share < limit.share - BELOW_CEILING)
    return {
      code,
      level: 'amber',
      text: `${said}; the model reaches ${percent(accuracy.share)}: there is more in the labels than it has learned.`,
      fix: 'rank more prompts, start from a larger model, or raise the learning rate',
    }
  return {
    code,
    level: 'green',
    text: `${said}; the model reaches ${percent(accuracy.share)}, about what can be reached.`,
    fix: null,
  }
}

export const overfitting: Rule = ({ train, validation }) => {
  const [learned, held] = [train.accuracy, validation.accuracy]
  if (held.n === 0 || learned.share - held.share <= OVERFITTED || learned.low <= held.high) return null
  return {
    code: 'overfitting',
    level: 'amber',
    text: `It matches ${percent(learned.share)} of the labels that it was trained on and ${percent(held.share)} of the others: much is learned by heart.`,
    fix: 'train for fewer epochs, or rank more prompts',
  }
}

/** Accuracy on noisy labels follows from that on clean ones. */
export const noise: Rule = ({ validation, clean }, { noisyFromClean }) => {
  // Labels of people among them have another noise.
  if (!clean || !noisyFromClean || clean.accuracy.n !== validation.accuracy.n) return null
  const { share } = clean.accuracy
  const { expected, error } = noisyFromClean
  const found = validation.accuracy.share
  if (Math.abs(found - expected) <= NOISE_DEVIATIONS * error + 1e-9) return null
  return {
    code: 'noise',
    level: 'amber',
    text: `From ${percent(share)} on clean labels and ${percent(clean.noise)} noise would follow ${percent(expected)} on noisy ones; measured are ${percent(found)}: ${found > expected ? 'the model knows errors that it cannot know, so it may have seen these labels' : 'the labels are noisier than stated'}.`,
    fix: 'simulate the labels anew, and train again',
  }
}
