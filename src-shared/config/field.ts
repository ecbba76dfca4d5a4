// A config is a table of fields: schema, default, unit and one-line meaning each. The form, the command line's --set,
// the JSON check and the docs are all read from the table.
import * as v from 'valibot'
import { LabError } from '../contract/errors.ts'

// biome-ignore lint/suspicious/noExplicitAny: fields of any type
export interface Field<S extends v.GenericSchema<any, any> = v.GenericSchema<any, any>> {
  readonly schema: S
  readonly default: v.InferOutput<S>
  readonly label: string
  /** What the number counts: `tokens`, `steps`, `per step` … empty for pure numbers. */
  readonly unit: string
  /** One line for the person who meets the field for the first time. */
  readonly meaning: string
  /** `basic` fields are always shown, `advanced` ones fold out. */
  readonly level: 'basic' | 'advanced'
  /** The closed list of values, for a select. */
  readonly options?: readonly string[]
}
export type Fields = Readonly<Record<string, Field>>
export type ConfigOf<F extends Fields> = { [K in keyof F]: v.InferOutput<F[K]['schema']> }

// biome-ignore lint/suspicious/noExplicitAny: fields of any type
export const field = <S extends v.GenericSchema<any, any>>(f: Field<S>): Field<S> => f

export const whole = (min: number, max: number) =>
  v.pipe(
    v.number('must be a whole number'),
    v.integer('must be a whole number'),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  )
export const real = (min: number, max: number) =>
  v.pipe(
    v.number('must be a number'),
    v.finite('must be a finite number'),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  )

export function defaultsOf<F extends Fields>(fields: F): ConfigOf<F> {
  return Object.fromEntries(Object.entries(fields).map(([key, f]) => [key, f.default])) as ConfigOf<F>
}

/** The one field nearest in spelling, for "did you mean". */
export function nearest(key: string, keys: readonly string[]): string | undefined {
  const distance = (a: string, b: string): number => {
    const row = Array.from({ length: b.length + 1 }, (_, j) => j)
    for (let i = 1; i <= a.length; i++) {
      let diagonal = row[0]!
      row[0] = i
      for (let j = 1; j <= b.length; j++) {
        const above = row[j]!
        row[j] = Math.min(above + 1, row[j - 1]! + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.length]!
  }
  const [best] = keys
    .map(k => ({ k, d: distance(key.toLowerCase(), k.toLowerCase()) }))
    .sort((a, b) => a.d - b.d)
  return best && best.d <= Math.max(2, key.length / 3) ? best.k : undefined
}

/**
 * Fills defaults and checks every field.
 * @throws LabError `bad-input` naming the field: unknown key, wrong type, out of range
 */
export function parseConfig<F extends Fields>(
  fields: F,
  given: Record<string, unknown>,
  where: string,
): ConfigOf<F> {
  const keys = Object.keys(fields)
  const config = defaultsOf(fields) as Record<string, unknown>
  for (const [key, value] of Object.entries(given)) {
    const known = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (!known) {
      const near = nearest(key, keys)
      throw new LabError({
        code: 'bad-input',
        what: `unknown key "${key}"`,
        where,
        expected: `one of ${keys.join(', ')}`,
        fix: near ? `did you mean "${near}"?` : 'remove it or correct its spelling',
      })
    }
    const parsed = v.safeParse(known.schema, value)
    if (!parsed.success)
      throw new LabError({
        code: 'bad-input',
        what: `${key} ${parsed.issues[0].message}`,
        where,
        got: JSON.stringify(value) ?? String(value),
        fix: `the default is ${JSON.stringify(known.default)}`,
      })
    config[key] = parsed.output
  }
  return config as ConfigOf<F>
}
