// A model under evaluation as its marks name it: the label that the report gives it, in its phase's colour.
import type { PhaseId } from '../phases.ts'

export interface EvaluatedModel {
  /** `base`, `sft`, `rlhf`, or the run's name. */
  readonly label: string
  readonly phase: PhaseId
}

const known: Readonly<Record<string, string>> = { base: 'Base', sft: 'SFT', rlhf: 'RLHF' }

/** The label as people write it: `SFT` for `sft`; a run keeps its own name. */
export const modelName = (label: string): string => (Object.hasOwn(known, label) ? known[label]! : label)

/** `greedy`, `temperature 1`. */
export const temperatureText = (temperature: number): string =>
  temperature === 0 ? 'greedy' : `temperature ${temperature}`
