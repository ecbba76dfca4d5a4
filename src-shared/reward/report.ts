// The report on a reward model, but for its verdict: a function of what was scored.
import type { Agreement } from '../contract/preferences-contract.ts'
import type { Judgement, RewardReport } from '../contract/reward-contract.ts'
import { accuracyByMargin, calibrationError, reliability } from './calibration.ts'
import { scoreHistogram } from './histogram.ts'
import { type MeasuredPrompt, scoredPairs } from './measured-prompt.ts'
import {
  cleanOf,
  labelsWithLength,
  lengthOf,
  noisyFromClean,
  splitOf,
  worstDisagreements,
} from './measures.ts'
import { varianceParts } from './variance-parts.ts'
import { verdictOf } from './verdict.ts'

export interface Measurement {
  readonly checkpoint: string
  /** ISO 8601. */
  readonly createdAt: string
  /** As many of the training prompts as were scored. */
  readonly train: readonly MeasuredPrompt[]
  /** All that the weights were trained on, and how many different ones: the same may stand in several sets. */
  readonly trainPrompts: { readonly distinct: number; readonly all: number }
  readonly validation: readonly MeasuredPrompt[]
  readonly agreement: Agreement
  /** Raw scores of fresh answers of the fine-tuned model, prompt by prompt. */
  readonly reference: readonly (readonly number[])[]
  readonly judges: readonly Judgement[]
}

export function rewardReportOf(measurement: Measurement): RewardReport {
  const { checkpoint, createdAt, train, trainPrompts, validation, agreement, reference, judges } = measurement
  const labeled = [...train, ...validation]
  const trainPairs = scoredPairs(train)
  const validationPairs = scoredPairs(validation)
  const calibration = reliability(validationPairs)
  const parts = varianceParts(reference) ?? { mean: 0, std: 0, withinGroups: 0 }
  const measured = {
    checkpoint,
    createdAt,
    train: splitOf(trainPairs),
    validation: splitOf(validationPairs),
    agreement,
    clean: cleanOf(validationPairs),
    scores: scoreHistogram(
      validationPairs.map(({ prompt, winner }) => prompt.responses[winner]!.score),
      validationPairs.map(({ prompt, loser }) => prompt.responses[loser]!.score),
    ),
    byMargin: accuracyByMargin(validationPairs),
    calibration,
    calibrationError: calibrationError(calibration),
    length: lengthOf(validation, [...trainPairs, ...validationPairs]),
    reference: {
      samples: reference.reduce((sum, group) => sum + group.length, 0),
      prompts: reference.length,
      mean: parts.mean,
      std: parts.std,
      withinPrompts: parts.withinGroups,
    },
    judges: [...judges],
    worst: worstDisagreements(validationPairs),
  }
  const circumstances = {
    trainPrompts,
    labelsWithLength: labelsWithLength(labeled),
    labelsBeforeNoise: labelsWithLength(labeled, 'before-noise'),
    noisyFromClean: noisyFromClean(validationPairs),
  }
  return { ...measured, verdict: verdictOf(measured, circumstances) }
}
