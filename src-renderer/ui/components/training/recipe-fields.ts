// What a recipe's training fields say: the preset they are, the field that cannot be accepted.
import type { Fields } from '../../../../src-shared/config/field.ts'
import type { LabErrorFacts } from '../../../../src-shared/contract/errors.ts'
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

/** A problem that the core found, in the words of the form: fields under their labels, `klCoef` as “KL coefficient β”. */
export function inFormWords(fields: Fields, problem: LabErrorFacts): LabErrorFacts {
  const labelled = (text: string): string =>
    text.replace(/[a-z]\w*/gi, word => {
      if (!Object.hasOwn(fields, word)) return word
      const { label } = fields[word]!
      // What is no more than an English word may be meant as one.
      return /[A-Z]/.test(word) ? `“${label}”` : label.toLowerCase()
    })
  const { where, expected, ...rest } = problem
  return {
    ...rest,
    what: labelled(rest.what),
    fix: labelled(rest.fix),
    ...(expected === undefined ? {} : { expected: labelled(expected) }),
    // The form itself is where it is.
    ...(where === undefined || where === 'config' ? {} : { where: labelled(where) }),
  }
}

/** Not an obstacle for long: whoever wants to start then, waits for it. */
export const ESTIMATING = 'The estimate is being made …'
