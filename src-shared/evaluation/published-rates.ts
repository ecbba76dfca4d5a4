// What InstructGPT's paper says of itself in its sentences (Ouyang et al. 2022 §1 and §4.1): rates with their 95 % intervals.
// What exists only as a bar of its figure is left out.

/** Shares of comparisons by human labelers, 0–1, of the 175 B models. */
export const publishedRates = [
  { name: 'InstructGPT over GPT-3', rate: 0.85, low: 0.82, high: 0.88 },
  { name: 'InstructGPT over few-shot GPT-3', rate: 0.71, low: 0.67, high: 0.75 },
  { name: 'InstructGPT over their SFT baseline', rate: 0.734, low: 0.714, high: 0.754 },
] as const

/** As its authors write it: `73.4 % ± 2 %`. */
export const publishedText = ({ rate, high }: { readonly rate: number; readonly high: number }): string =>
  `${inPercent(rate)} ± ${inPercent(high - rate)}`

const inPercent = (share: number): string => `${Number((100 * share).toFixed(1))} %`
