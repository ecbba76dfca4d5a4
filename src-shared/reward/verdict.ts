// The verdict on a reward model before phase 4: a light with its reasons, and what the model can and cannot judge. A
// policy will look for whatever scores high, so what the model cannot judge, phase 4 cannot be trusted with.
import type { Judgement, Verdict } from '../contract/reward-contract.ts'
import { accuracy, ceiling, noise, overfitting } from './verdict-accuracy.ts'
import { abilitiesOf, judgementReasons } from './verdict-judgements.ts'
import type { Circumstances, Level, Measured, Reason, Rule } from './verdict-reason.ts'
import { calibration, length, prompts, variance } from './verdict-scores.ts'
import { inAWord, percent } from './verdict-words.ts'

/** In the order of what matters most. */
const rules: readonly Rule[] = [accuracy, prompts, ceiling, noise, overfitting, variance, length, calibration]

const worstFirst: readonly Level[] = ['red', 'amber', 'green']

/** The light is that of the worst reason. Reasons of a colour stand in the order of what matters most. */
export function verdictOf(measured: Measured, circumstances: Circumstances): Verdict {
  const ofMeasures = rules.flatMap(rule => rule(measured, circumstances) ?? [])
  const unsorted = [...ofMeasures, ...judgementReasons(measured.judges)]
  const reasons = worstFirst.flatMap(level => unsorted.filter(reason => reason.level === level))
  return { level: reasons[0]!.level, summary: summaryOf(measured, reasons), reasons }
}

function summaryOf({ validation: { accuracy }, judges }: Measured, reasons: readonly Reason[]): string {
  const isGuessing = reasons.some(({ code, level }) => code === 'accuracy' && level === 'red')
  const labels = isGuessing
    ? 'On prompts that it was not trained on, it cannot be told from guessing.'
    : `It agrees with the labels of held-out prompts in ${percent(accuracy.share)}.`
  const { can, cannot } = abilitiesOf(judges)
  const sentences = [
    ...(isGuessing || judges.length === 0 ? [labels] : []),
    ...(can.length > 0 ? [`It can judge ${inAWord(can, 'and')}.`] : []),
    ...(cannot.length > 0 ? [`It cannot judge ${inAWord(cannot, 'or')}.`] : []),
    ...(measuresTruth(judges) ? [] : ['Whether it tells true from false was not measured.']),
  ]
  return sentences.join(' ')
}

const measuresTruth = (judges: readonly Judgement[]): boolean => judges.some(({ group }) => group === 'truth')
