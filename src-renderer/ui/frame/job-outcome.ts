// What a finished job made, in the words of its toast.
import * as v from 'valibot'
import { importResult, type JobStatus, tokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { formatBytes, formatCount, formatCounted } from '../format.ts'

/** Kind and text of the toast; an import that rejected rows is a warning, for some text is not in the corpus. */
export function jobOutcome(job: Pick<JobStatus, 'title' | 'result'>): ['success' | 'warning', string] {
  const imported = v.safeParse(importResult, job.result)
  if (imported.success) {
    const { documents, bytes, rejected, duplicates } = imported.output
    const parts = [formatCounted(documents, 'document'), formatBytes(bytes)]
    if (duplicates > 0) parts.push(formatCounted(duplicates, 'duplicate left out', 'duplicates left out'))
    if (rejected > 0) parts.push(`${formatCount(rejected)} rejected, listed under Data`)
    return [rejected > 0 ? 'warning' : 'success', `${job.title}: ${parts.join(', ')}`]
  }
  const trained = v.safeParse(tokenizerSummary, job.result)
  if (trained.success)
    return [
      'success',
      `${job.title}: ${formatCounted(trained.output.vocabularySize, 'token')}, "${trained.output.name}"`,
    ]
  return ['success', `${job.title}: done`]
}
