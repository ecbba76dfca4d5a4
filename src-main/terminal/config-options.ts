// --config, --set and --preset: three ways to give fields, made into one request. What comes later wins:
// preset, then file, then --set, then --seed.
import type { Fields } from '../../src-shared/config/field.ts'
import { nearest } from '../../src-shared/config/field.ts'
import { modelFields } from '../../src-shared/config/model-config.ts'
import { pretrainFields } from '../../src-shared/config/pretrain-config.ts'
import { LabError } from '../../src-shared/contract/errors.ts'

type Given = Record<string, unknown>

/** The fields that a phase's command takes, by the part of the request that they stand in. */
type Tables = Readonly<Record<string, Fields>>
const pretrainTables = { model: modelFields, config: pretrainFields }
type Parts<T extends Tables> = { [K in keyof T & string]: Given }

const emptyParts = <T extends Tables>(tables: T): Parts<T> =>
  Object.fromEntries(Object.keys(tables).map(part => [part, {}])) as Parts<T>

/**
 * `key=value` pairs; the value is JSON, or else the text itself.
 * @throws LabError `bad-input` for a pair without `=`
 */
export function parseSet(pairs: readonly string[]): Given {
  const given: Given = {}
  for (const pair of pairs) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
    if (key === undefined || text === undefined)
      throw new LabError({
        code: 'bad-input',
        what: `"${pair}" sets nothing`,
        where: '--set',
        expected: 'key=value',
        fix: 'write for example --set steps=500',
      })
    given[key.trim()] = jsonOrText(text)
  }
  return given
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * The object that a --config file holds.
 * @throws LabError `bad-input` naming the file
 */
export function parseConfigFile(text: string, file: string): Given {
  const refuse = (what: string, got?: string): never => {
    throw new LabError({
      code: 'bad-input',
      what,
      where: file,
      expected: 'a JSON object such as {"steps": 500, "nLayer": 4}',
      ...(got ? { got } : {}),
      fix: 'correct the file and try again',
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return refuse('the config file is not JSON', (error as Error).message)
  }
  if (!isObject(value)) return refuse('the config file holds no object')
  return value
}

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function splitFields(given: Given, where: string): Parts<typeof pretrainTables>
export function splitFields<T extends Tables>(given: Given, where: string, tables: T): Parts<T>
/**
 * Sorts fields into the parts of a request, such as model and training. A key is plain (`nLayer`), dotted
 * (`model.nLayer`), or stands in an object `model` or `config`. Values are checked where they are used; here only that
 * each key is known.
 * @throws LabError `bad-input` naming the key
 */
export function splitFields(
  given: Given,
  where: string,
  tables: Tables = pretrainTables,
): Record<string, Given> {
  const fields = emptyParts(tables)
  for (const [key, value] of Object.entries(given)) {
    const [part, field] = key.includes('.') ? splitOnce(key) : ['', key]
    const group = Object.hasOwn(tables, key) && isObject(value) ? key : null
    if (group) for (const [inner, each] of Object.entries(value as Given)) put(group, inner, each)
    else if (part === '') put(null, field, value)
    else if (Object.hasOwn(tables, part)) put(part, field, value)
    else unknown(key)
  }
  return fields

  function put(group: string | null, key: string, value: unknown): void {
    const groups = group ? [group] : Object.keys(tables)
    const home = groups.find(each => Object.hasOwn(tables[each]!, key))
    if (home) fields[home]![key] = value
    else unknown(group ? `${group}.${key}` : key)
  }
  function unknown(key: string): never {
    const keys = Object.values(tables).flatMap(Object.keys)
    const near = nearest(key.slice(key.indexOf('.') + 1), keys)
    throw new LabError({
      code: 'bad-input',
      what: `unknown key "${key}"`,
      where,
      expected: `one of ${keys.join(', ')}`,
      fix: near ? `did you mean "${near}"?` : 'remove it or correct its spelling',
    })
  }
}
const splitOnce = (key: string): [string, string] => {
  const dot = key.indexOf('.')
  return [key.slice(0, dot), key.slice(dot + 1)]
}

/** @throws LabError `bad-input` listing the presets */
export function presetNamed<P>(name: string, presets: Readonly<Record<string, P>>): P {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (preset) return preset
  const near = nearest(name, Object.keys(presets))
  throw new LabError({
    code: 'bad-input',
    what: `there is no preset "${name}"`,
    where: '--preset',
    expected: `one of ${Object.keys(presets).join(', ')}`,
    fix: near ? `did you mean "${near}"?` : 'choose one of these',
  })
}

interface FieldOptions {
  /** The parts of it that have the names of the tables. */
  preset?: object | undefined
  /** Name and text of --config. */
  file?: { name: string; text: string } | undefined
  set?: readonly string[] | undefined
  seed?: number | undefined
}

export function mergeFields(options: FieldOptions): Parts<typeof pretrainTables>
export function mergeFields<T extends Tables>(options: FieldOptions, tables: T): Parts<T>
export function mergeFields(
  { preset, file, set = [], seed }: FieldOptions,
  tables: Tables = pretrainTables,
): Record<string, Given> {
  const layers: Record<string, Given | undefined>[] = [
    { ...preset } as Record<string, Given>,
    file ? splitFields(parseConfigFile(file.text, file.name), file.name, tables) : {},
    splitFields(parseSet(set), '--set', tables),
    { config: seed === undefined ? {} : { seed } },
  ]
  const merged = emptyParts(tables)
  for (const layer of layers)
    for (const part of Object.keys(tables)) Object.assign(merged[part]!, layer[part])
  return merged
}

/**
 * `id=weight` pairs of --source.
 * @throws LabError `bad-input`
 */
export function parseSources(pairs: readonly string[]): { corpus: string; weight: number }[] {
  return pairs.map(pair => {
    const [, corpus, text] = /^([^=]+)=(.+)$/.exec(pair) ?? []
    const weight = Number(text)
    if (corpus === undefined || !Number.isFinite(weight) || weight < 0)
      throw new LabError({
        code: 'bad-input',
        what: `"${pair}" is no weighted source`,
        where: '--source',
        expected: 'corpus=weight, the weight at least 0',
        fix: 'write for example --source corpus-1a2b3c=0.8',
      })
    return { corpus, weight }
  })
}

/**
 * The only field that may change when a run goes on: where it ends.
 * @throws LabError `bad-input` for any other field
 */
export function stepsToResume(set: readonly string[]): number | undefined {
  const { steps, ...others } = parseSet(set)
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw new LabError({
      code: 'bad-input',
      what: `${other} cannot change when a run goes on`,
      where: '--set',
      expected: 'steps alone',
      fix: 'start a new run for another recipe',
    })
  if (steps !== undefined && !(Number.isSafeInteger(steps) && (steps as number) > 0))
    throw new LabError({
      code: 'bad-input',
      what: 'steps must be a whole number of at least 1',
      where: '--set',
      got: JSON.stringify(steps),
      fix: 'write for example --set steps=4000',
    })
  return steps as number | undefined
}
