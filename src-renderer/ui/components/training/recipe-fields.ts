// What a recipe's training fields say: the preset they are, the field that cannot be accepted.
import type { Fields } from '../../../../src-shared/config/field.ts'
import { configErrors } from '../config-form.tsx'

type Values = Readonly<Record<string, unknown>>

/** Key of the preset whose fields these are, all and no others; null = none. */
export function presetOf(
  presets: Readonly<Record<string, { readonly config: object }>>,
  config: Values,
): string | null {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const keys = Object.keys(config)
  const found = Object.entries(presets).find(
    ([, preset]) =>
      keys.length === Object.keys(preset.config).length &&
      Object.entries(preset.config).every(([key, value]) => same(config[key], value)),
  )
  return found?.[0] ?? null
}

/** The first field that cannot be accepted, as a sentence; null = none. */
export function fieldProblem(fields: Fields, config: Values): string | null {
  const [wrong] = Object.entries(configErrors(fields, config))
  if (!wrong) return null
  const [key, message] = wrong
  return `${fields[key]!.label}: ${config[key] === '' ? 'fill in a number' : message}.`
}

/** Not an obstacle for long: whoever wants to start then, waits for it. */
export const ESTIMATING = 'The estimate is being made …'
