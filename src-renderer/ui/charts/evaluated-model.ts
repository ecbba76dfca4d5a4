// A model under evaluation as its marks name it: the label that the report gives it, in its phase's colour.
import type { PhaseId } from '../phases.ts'

export interface EvaluatedModel {
  /** `base`, `sft`, `rlhf`, or the run's name. */
  readonly label: string
  readonly phase: PhaseId
}

const known = { base: 'Base', sft: 'SFT', rlhf: 'RLHF' } as const

/** The label as people write it: `SFT` for `sft`, `SFT · step 9` for `sft · step 9`; a run keeps its own name. */
export function modelName(label: string): string {
  const [, phase, rest] = /^(base|sft|rlhf)( · step \d+)?$/.exec(label) ?? []
  return phase ? known[phase as keyof typeof known] + (rest ?? '') : label
}

/** A name of any length where there is room for a short one. */
export const shortName = (label: string, most = 18): string => {
  const letters = [...modelName(label)]
  return letters.length > most
    ? `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('')
}

/** `greedy`, `temperature 1`. */
export const temperatureText = (temperature: number): string =>
  temperature === 0 ? 'greedy' : `temperature ${temperature}`
