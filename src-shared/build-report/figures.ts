// Figures as the report writes them.

/** `85 %`, and `0.3 %` where whole ones would say 0 or 100 of what is neither. */
export function percent(share: number): string {
  const whole = Math.round(100 * share)
  const isRounded = (whole === 0 && share > 0) || (whole === 100 && share < 1)
  return `${isRounded ? (100 * share).toFixed(1) : whole} %`
}

/** `−1.25`, and never a zero below zero. */
export function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
}

/** `1,234,567` */
export const counted = (n: number): string => Math.round(n).toLocaleString('en-US')

/** `3.2 T`, `840 K` */
export function compact(value: number): string {
  const units = ['', ' K', ' M', ' G', ' T', ' P', ' E']
  const unit = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  return `${Number((value / 1000 ** unit).toPrecision(3))}${units[unit]}`
}

export function minutes(value: number): string {
  if (value < 1) return `${Math.max(1, Math.round(60 * value))} s`
  return value < 10 ? `${value.toFixed(1)} min` : `${Math.round(value)} min`
}

const names = new Map([
  ['base', 'Base'],
  ['sft', 'SFT'],
  ['rlhf', 'RLHF'],
])
/** As people write them. */
export const modelName = (label: string): string => names.get(label) ?? label
/** Of its marks. */
export const modelClass = (label: string): string => (names.has(label) ? label : 'other')

export const temperatureName = (temperature: number): string =>
  temperature === 0 ? 'greedy' : `temperature ${temperature}`
