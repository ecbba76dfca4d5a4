// Whether a checkpoint folder holds, byte for byte, what its manifest says.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { storageError } from '../workspace/storage-error.ts'
import { type Manifest, readManifest } from './manifest.ts'

export interface Verification {
  /** null when it cannot be read. */
  manifest: Manifest | null
  manifestSha256: string | null
  /** Sentences; empty = all is well. */
  problems: string[]
}

/**
 * Reads every file of the folder. Files that the manifest does not name are no problem: nothing reads them.
 * @param checkpoint the id that the manifest must carry, so that swapped folders are found
 * @param manifestSha256 what the database says, when it knows the checkpoint
 */
export async function verifyFolder(
  folder: string,
  checkpoint: string,
  manifestSha256?: string,
): Promise<Verification> {
  if (!existsSync(folder)) return { manifest: null, manifestSha256: null, problems: ['its folder is gone'] }
  const found = checkManifest(folder, checkpoint, manifestSha256)
  if (!found.manifest) return found
  for (const { name, bytes, sha256 } of found.manifest.files) {
    const problem = sizeProblem(folder, name, bytes) ?? (await contentProblem(folder, name, sha256))
    if (problem) found.problems.push(problem)
  }
  return found
}

/** @throws LabError `damaged` that names what `verifyFolder` found */
export function requireWell(checkpoint: string, folder: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new LabError({
    code: 'damaged',
    what: `checkpoint ${checkpoint} does not verify: ${problems.join('; ')}`,
    where: folder,
    fix: 'use another checkpoint of this run, or bring its files back from a copy',
  })
}

/** The part of the check that reads only the manifest and sizes: for every start. */
export function glanceAtFolder(folder: string, checkpoint: string, manifestSha256: string): Verification {
  const found = checkManifest(folder, checkpoint, manifestSha256)
  for (const { name, bytes } of found.manifest?.files ?? []) {
    const problem = sizeProblem(folder, name, bytes)
    if (problem) found.problems.push(problem)
  }
  return found
}

function checkManifest(folder: string, checkpoint: string, expected?: string): Verification {
  try {
    const { manifest, hash } = readManifest(folder)
    const problems: string[] = []
    if (manifest.checkpoint !== checkpoint)
      problems.push(`manifest.json belongs to ${manifest.checkpoint}, not to ${checkpoint}`)
    if (expected !== undefined && hash !== expected)
      problems.push('manifest.json is not the one that was committed')
    return { manifest, manifestSha256: hash, problems }
  } catch (error) {
    const known = storageError(error, join(folder, 'manifest.json'))
    if (!(known instanceof LabError)) throw known
    return { manifest: null, manifestSha256: null, problems: [`manifest.json: ${known.facts.what}`] }
  }
}

function sizeProblem(folder: string, name: string, bytes: number): string | null {
  const stat = statSync(join(folder, name), { throwIfNoEntry: false })
  if (!stat) return `${name} is missing`
  return stat.size === bytes ? null : `${name} has ${stat.size} bytes instead of ${bytes}`
}

async function contentProblem(folder: string, name: string, sha256: string): Promise<string | null> {
  const path = join(folder, name)
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece)
  } catch (error) {
    const known = storageError(error, path)
    if (!(known instanceof LabError)) throw known
    return `${name} cannot be read: ${known.facts.what}`
  }
  return hash.digest('hex') === sha256 ? null : `${name} was changed after it was written`
}
