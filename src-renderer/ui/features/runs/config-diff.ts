// What differs between runs: configs flattened to dotted keys, one column per run, missing ones marked.

export interface DiffRow {
  readonly key: string
  /** One per run; undefined = this run does not have the key. */
  readonly values: readonly (string | undefined)[]
  readonly differs: boolean
}

/** Nested objects become dotted keys; arrays of plain values stay one value, arrays of objects count their rows. */
export function flatten(value: unknown, prefix = ''): [string, string][] {
  if (Array.isArray(value) && value.some(isObject))
    return value.flatMap((item, i) => flatten(item, `${prefix}[${i}]`))
  if (isObject(value))
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, prefix ? `${prefix}.${key}` : key))
  return [[prefix, typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))]]
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param configs one per run  @returns every key of any of them, in the order first met */
export function diffConfigs(configs: readonly unknown[]): DiffRow[] {
  const flat = configs.map(config => new Map(flatten(config)))
  const keys = [...new Set(flat.flatMap(map => [...map.keys()]))]
  return keys.map(key => {
    const values = flat.map(map => map.get(key))
    return { key, values, differs: values.some(value => value !== values[0]) }
  })
}
