// What differs between runs: configs flattened to dotted keys, one column per run, missing ones marked.
import type { RunSummary, TokenizerSummary } from '../../../../src-shared/contract/lab-contract.ts'

/** What made a run what it is: model, training, tokenizer, each source with its weight, base and demonstrations, device. */
export function comparable(
  run: RunSummary,
  tokenizers: readonly TokenizerSummary[],
): Record<string, unknown> {
  const { sources } = run.data
  const alone = (name: string) => sources.filter(source => source.name === name).length === 1
  const tokenizer = tokenizers.find(each => each.id === run.tokenizer)
  return {
    model: run.model,
    config: run.config,
    tokenizer: tokenizer ? `${tokenizer.name} (${tokenizer.id})` : run.tokenizer,
    sources: Object.fromEntries(
      sources.map(({ name, corpus, weight }) => [alone(name) ? name : `${name} (${corpus})`, weight]),
    ),
    ...(run.parentCheckpoint === null ? {} : { base: run.parentCheckpoint }),
    ...(run.data.demonstrations ? { demonstrations: examplesOf(run.data.demonstrations) } : {}),
    ...(run.data.preferences ? { preferences: comparisonsOf(run.data.preferences) } : {}),
    fingerprint: run.fingerprint,
  }
}

const examplesOf = ({
  sets,
  train,
  validation,
  refused,
}: NonNullable<RunSummary['data']['demonstrations']>) => ({
  sets: sets.map(({ name, rows }) => `${name}: ${rows} rows`),
  train,
  validation,
  refused,
})

const comparisonsOf = ({
  sets,
  prompts,
  pairs,
  refused,
}: NonNullable<RunSummary['data']['preferences']>) => ({
  sets: sets.map(set => `${set.name}: ${set.prompts} prompts`),
  prompts,
  pairs,
  refused,
})

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
