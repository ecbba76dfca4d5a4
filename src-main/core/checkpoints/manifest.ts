// manifest.json, written last: what a checkpoint folder holds, with sizes and SHA-256, and enough of its run to show and
// resume it even when the database is gone. It ends with a hash of itself.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { runSummary } from '../../../src-shared/contract/lab-contract.ts'
import { count, id } from '../../../src-shared/contract/method.ts'

export const MANIFEST = 'manifest.json'
const VERSION = 1

const sha256Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256'))
/** Names of files in a checkpoint folder: no path can be written with them. */
export const fileName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_.-]{0,80}$/, 'not a plain file name'))

const manifestSchema = v.strictObject({
  format: v.literal('andromeda-checkpoint'),
  version: v.literal(VERSION),
  checkpoint: id,
  createdAt: v.string(),
  step: count,
  tokens: count,
  evalLoss: v.nullable(v.number()),
  bestEvalLoss: v.nullable(v.number()),
  fingerprint: v.string(),
  run: v.strictObject(
    v.pick(runSummary, [
      'id',
      'name',
      'phase',
      'createdAt',
      'parentCheckpoint',
      'tokenizer',
      'model',
      'config',
      'data',
      'steps',
      'tags',
      'notes',
    ]).entries,
  ),
  files: v.array(v.strictObject({ name: fileName, bytes: count, sha256: sha256Hex })),
  sha256: sha256Hex,
})
export type Manifest = v.InferOutput<typeof manifestSchema>
export type FileRecord = Manifest['files'][number]

export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

/** The text of manifest.json. */
export function encodeManifest(facts: Omit<Manifest, 'format' | 'version' | 'sha256'>): string {
  const body = { format: 'andromeda-checkpoint', version: VERSION, ...facts }
  return `${JSON.stringify({ ...body, sha256: sha256(JSON.stringify(body)) }, null, 2)}\n`
}

/**
 * Reads and checks the manifest of a checkpoint folder.
 * @returns the manifest and the SHA-256 of its file
 * @throws LabError `damaged` naming the field; `unsupported` when a newer version wrote it; errors of `node:fs`
 */
export function readManifest(folder: string): { manifest: Manifest; hash: string } {
  const path = join(folder, MANIFEST)
  const bytes = readFileSync(path)
  const json = parseJsonFile(bytes, path)
  refuseNewer(json, VERSION, path)
  const manifest = checkFields(manifestSchema, json, path)
  const { sha256: own, ...body } = json as Manifest
  if (sha256(JSON.stringify(body)) !== own) throw damagedFile(path, 'its content does not match its own hash')
  return { manifest, hash: sha256(bytes) }
}

export function damagedFile(path: string, what: string, expected?: string, got?: string): LabError {
  return new LabError({
    code: 'damaged',
    what: `a file of a checkpoint is damaged: ${what}`,
    where: path,
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
    fix: 'go on from an earlier checkpoint of this run',
  })
}

export function parseJsonFile(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw damagedFile(path, `it is not JSON (${(error as Error).message})`)
  }
}

export function refuseNewer(json: unknown, supported: number, path: string): void {
  const version = (json as { version?: unknown } | null)?.version
  if (typeof version === 'number' && version > supported)
    throw new LabError({
      code: 'unsupported',
      what: 'this checkpoint was written by a newer version of Andromeda',
      where: path,
      expected: `version ${supported}`,
      got: `version ${version}`,
      fix: 'update Andromeda; nothing was changed',
    })
}

/** @throws LabError `damaged` naming the first field that is missing, unknown or wrong */
export function checkFields<S extends v.GenericSchema>(
  schema: S,
  json: unknown,
  path: string,
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  const field = v.getDotPath(issue)
  throw damagedFile(path, field ? `field "${field}" ${issue.message}` : issue.message)
}
