// What a finished job made, in the words of its toast.
import * as v from 'valibot'
import { demonstrationImport } from '../../../src-shared/contract/demonstrations-contract.ts'
import { importResult, type JobStatus, tokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { preferenceImport } from '../../../src-shared/contract/preferences-contract.ts'
import { formatBytes, formatCount, formatCounted } from '../format.ts'
import { generatedSentence, importSentence, preferenceSentence } from '../import-sentence.ts'

/** Of `ranking.sample`. */
const sampledAnswers = v.object({ prompts: v.number(), alike: v.number() })
/** Of `ranking.simulate`. */
const simulatedRankings = v.object({ rankings: v.number() })

/** What became of a job that a person ended: answers are on the disk as they come, everything else is all or nothing. */
export const cancelSentence = ({ kind, title }: Pick<JobStatus, 'kind' | 'title'>): string =>
  `${title}: cancelled. ${keptSentences[kind] ?? 'Nothing of it was kept.'}`

const keptSentences: Readonly<Record<string, string | undefined>> = {
  'ranking-sample': 'What was sampled is kept.',
  evaluation: 'What was answered is kept, and it can go on.',
  build: 'What was made is kept, and it can go on.',
}

/** Kind and text of the toast; an import that rejected rows is a warning, for some text is not in the corpus. */
export function jobOutcome(
  job: Pick<JobStatus, 'title' | 'result'> & { kind?: string },
): ['success' | 'warning', string] {
  const imported = v.safeParse(importResult, job.result)
  if (imported.success) {
    const { documents, bytes, rejected, duplicates } = imported.output
    const parts = [formatCounted(documents, 'document'), formatBytes(bytes)]
    if (duplicates > 0) parts.push(formatCounted(duplicates, 'duplicate left out', 'duplicates left out'))
    if (rejected > 0) parts.push(`${formatCount(rejected)} rejected, listed under Data`)
    return [rejected > 0 ? 'warning' : 'success', `${job.title}: ${parts.join(', ')}`]
  }
  // Before demonstrations, whose result is a part of this one.
  const preferences = v.safeParse(preferenceImport, job.result)
  if (preferences.success)
    return [preferences.output.rejected > 0 ? 'warning' : 'success', preferenceSentence(preferences.output)]
  const demonstrations = v.safeParse(demonstrationImport, job.result)
  if (demonstrations.success && job.kind === 'starter-world')
    return ['success', `Starter world’s demonstrations: ${generatedSentence(demonstrations.output)}`]
  if (demonstrations.success)
    return [demonstrations.output.rejected > 0 ? 'warning' : 'success', importSentence(demonstrations.output)]
  const sampled = v.safeParse(sampledAnswers, job.result)
  if (sampled.success) {
    const { prompts, alike } = sampled.output
    const none = alike > 0 ? `; to ${formatCount(alike)} of them all are the same: nothing to rank there` : ''
    return ['success', `${job.title}: answers to ${formatCounted(prompts, 'prompt')}${none}`]
  }
  const simulated = v.safeParse(simulatedRankings, job.result)
  if (simulated.success)
    return ['success', `${job.title}: ${formatCounted(simulated.output.rankings, 'simulated ranking')}`]
  const trained = v.safeParse(tokenizerSummary, job.result)
  if (trained.success)
    return [
      'success',
      `${job.title}: ${formatCounted(trained.output.vocabularySize, 'token')}, "${trained.output.name}"`,
    ]
  return ['success', `${job.title}: done`]
}

/** Jobs of one kind that one action started: as many at once, or one after the other without a pause. */
export interface JobBatch {
  /** Ids of all jobs, ended or not. */
  readonly all: readonly string[]
  readonly ended: readonly string[]
}

/** The batch after one more word about a job. */
export function batchAfter(batch: JobBatch | undefined, job: Pick<JobStatus, 'id' | 'state'>): JobBatch {
  const { all, ended } = batch ?? { all: [], ended: [] }
  const add = (ids: readonly string[]) => (ids.includes(job.id) ? ids : [...ids, job.id])
  return { all: add(all), ended: job.state === 'running' ? ended : add(ended) }
}

/** `Tokenizing 7 sources: 3 of 7`. */
export const batchSentence = ({ all, ended }: JobBatch): string =>
  `Tokenizing ${formatCounted(all.length, 'source')}: ${
    ended.length === all.length ? 'done' : `${formatCount(ended.length)} of ${formatCount(all.length)}`
  }`
