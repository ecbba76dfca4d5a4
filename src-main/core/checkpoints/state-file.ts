// state.json: what a run needs beside weights and moments to go on exactly. Every field is required: a resume that fills
// in a default is another run.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { trainSpec, trainState } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { truncated } from '../../../src-shared/text/truncated.ts'
import { checkFields, parseJsonFile, refuseNewer } from './manifest.ts'

export const STATE = 'state.json'
const VERSION = 1

const stateSchema = v.strictObject({
  format: v.literal('andromeda-state'),
  version: v.literal(VERSION),
  phase: trainSpec.entries.phase,
  /** Equal bits are only promised on the device with this fingerprint. */
  fingerprint: v.string(),
  state: v.strictObject(trainState.entries),
  /** What must be the same for the run to be the same: seed, configs, hashes of data and tokenizer … */
  conditions: v.record(v.string(), v.unknown()),
})
export type StateFile = Omit<v.InferOutput<typeof stateSchema>, 'format' | 'version'>

export const encodeState = (state: StateFile): string =>
  `${JSON.stringify({ format: 'andromeda-state', version: VERSION, ...state }, null, 2)}\n`

/** @throws LabError `damaged` naming the field, `unsupported` for a newer version */
export function readStateFile(folder: string): StateFile {
  const path = join(folder, STATE)
  const json = parseJsonFile(readFileSync(path), path)
  refuseNewer(json, VERSION, path)
  const { phase, fingerprint, state, conditions } = checkFields(stateSchema, json, path)
  return { phase, fingerprint, state, conditions }
}

/**
 * Refuses to resume under other conditions than those the checkpoint was made under.
 * @param expected each of its fields must stand in the file with an equal value; others are not compared
 * @throws LabError `conflict` naming the field
 */
export function requireConditions(
  file: StateFile,
  expected: Readonly<Record<string, unknown>>,
  where: string,
): void {
  for (const [field, value] of Object.entries(expected)) {
    // What JSON does to a value (dropped undefined) must not look like a difference.
    const wanted: unknown = JSON.parse(JSON.stringify(value ?? null))
    if (!(field in file.conditions))
      throw new LabError({
        code: 'damaged',
        what: `the checkpoint does not say which "${field}" it was made with`,
        where,
        fix: 'start a new run from its weights instead of resuming it',
      })
    const got = file.conditions[field]
    if (!isDeepStrictEqual(got, wanted))
      throw new LabError({
        code: 'conflict',
        what: `"${field}" is not what this checkpoint was made with, so the run would not go on exactly`,
        where,
        expected: short(got),
        got: short(wanted),
        fix: 'restore it, or start a new run from these weights',
      })
  }
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return truncated(text, 120)
}
