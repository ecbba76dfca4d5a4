// Ways to draw the next token that have a name, from the surest to the wildest.
import type { SamplingFilters } from './filters.ts'

export interface SamplingPreset extends SamplingFilters {
  readonly name: string
  /** One line. */
  readonly meaning: string
}

export const samplingPresets: readonly SamplingPreset[] = [
  {
    name: 'Greedy',
    meaning: 'always the likeliest token: the same answer every time',
    temperature: 0,
    topK: 0,
    topP: 1,
  },
  {
    name: 'Balanced',
    meaning: 'likely tokens a little likelier, the unlikely tail cut off',
    temperature: 0.7,
    topK: 0,
    topP: 0.95,
  },
  {
    name: 'Lively',
    meaning: 'as the model itself believes, nothing cut off',
    temperature: 1,
    topK: 0,
    topP: 1,
  },
  {
    name: 'Wild',
    meaning: 'unlikely tokens likelier than the model believes',
    temperature: 1.4,
    topK: 0,
    topP: 1,
  },
]

/** The preset that draws exactly so, or null. */
export const presetOf = ({ temperature, topK, topP }: SamplingFilters): SamplingPreset | null =>
  samplingPresets.find(
    preset => preset.temperature === temperature && preset.topK === topK && preset.topP === topP,
  ) ?? null
