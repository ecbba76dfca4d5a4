// Ranking, killed at any moment: what was answered is on the disk, what was taken back stays away, and the answers that
// were being sampled are those of a bench that nobody killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nextPrompts } from '../../src-main/core/database/queries/preference-prompts.ts'
import { listSets } from '../../src-main/core/database/queries/preference-sets.ts'
import { openWorkspace } from '../../src-main/core/workspace/workspace.ts'
import { randomStream } from '../../src-shared/random/counter.ts'
import { temporaryFolder } from '../main/workspace/temporary-folder.ts'
import type { RankingPromise } from './ranking-workload.ts'

const KILLS = 20
const PROMPTS = 5000

/** Runs the workload until it has promised `promises` rankings, or is through. */
async function ranked(path: string, prompts: number, promises: number): Promise<RankingPromise[]> {
  const workload = join(import.meta.dirname, 'ranking-workload.ts')
  const child = spawn(process.execPath, [workload, path, String(prompts)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let out = ''
  let errors = ''
  child.stderr.on('data', piece => (errors += piece))
  child.stdout.on('data', piece => {
    out += piece
    if (out.split('\n').length > promises) child.kill('SIGKILL')
  })
  const [code, signal] = (await closed) as [number | null, string | null]
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the workload ended with ${code}: ${errors}`)
  // A line that the kill cut off was never said.
  return out
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as RankingPromise)
}

/** What the next start finds. */
function stored(path: string) {
  const workspace = openWorkspace(path, 'terminal')
  try {
    const { db } = workspace
    expect(workspace.notes).toEqual([])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
    const prompts = listSets(db).flatMap(({ id }) => nextPrompts(db, id, 0, PROMPTS))
    const rankings = prompts.flatMap(({ number, rankings }) =>
      rankings.map(({ pass, ranks }): [string, (number | null)[]] => [`${number}/${pass}`, ranks]),
    )
    return { rankings: new Map(rankings), prompts }
  } finally {
    workspace.close()
  }
}

it(`killed ${KILLS} times while ranking, no answered ranking is lost and none that was taken back returns`, {
  timeout: 300_000,
}, async () => {
  const path = temporaryFolder()
  const random = randomStream(1, 'ranking-kills')
  const expected = new Map<string, (number | null)[]>()
  let promised = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    const promises = await ranked(path, PROMPTS, 1 + random.integer(90))
    expect(promises, 'it was killed while it ranked').not.toContainEqual({ done: true })
    let undoing: string | null = null
    for (const promise of promises) {
      if ('ranked' in promise) {
        promised++
        expected.set(promise.ranked, promise.ranks)
      } else if ('undoing' in promise) undoing = promise.undoing
      else if ('undone' in promise) {
        undoing = null
        expected.delete(promise.undone)
      }
    }
    const { rankings } = stored(path)
    // Of what the kill fell into it is not known whether it was done; it was done whole or not at all.
    if (undoing !== null && !rankings.has(undoing)) expected.delete(undoing)
    const unsaid = [...rankings].filter(([key]) => !expected.has(key))
    expect(unsaid.length, `after kill ${kill}`).toBeLessThanOrEqual(1)
    for (const [key, ranks] of unsaid) expected.set(key, ranks)
    expect(rankings, `after kill ${kill}`).toEqual(expected)
  }
  expect(promised).toBeGreaterThan(5 * KILLS)
})

it('a bench that was killed while its answers were sampled gets the same answers as one that was not', {
  timeout: 120_000,
}, async () => {
  const [whole, cut] = [temporaryFolder(), temporaryFolder()]
  const prompts = 300
  expect(await ranked(whole, prompts, Number.POSITIVE_INFINITY)).toContainEqual({ done: true })
  const sampled = () => stored(cut).prompts.filter(({ isSampled }) => isSampled).length
  const counts: number[] = []
  while (counts.length < 4) {
    await ranked(cut, prompts, 3)
    counts.push(sampled())
  }
  expect(counts[0]).toBeLessThan(prompts)
  expect(counts.at(-1)).toBeGreaterThan(counts[0]!)
  await ranked(cut, prompts, Number.POSITIVE_INFINITY)
  const texts = (path: string) =>
    stored(path).prompts.map(({ messages, responses }) => ({ messages, responses }))
  expect(texts(cut)).toHaveLength(prompts)
  expect(texts(cut)).toEqual(texts(whole))
})
