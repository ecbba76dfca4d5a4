// What an import of demonstrations or of rankings did, in one sentence.
import type { DemonstrationImport } from '../../src-shared/contract/demonstrations-contract.ts'
import type { PreferenceImport } from '../../src-shared/contract/preferences-contract.ts'
import { formatCount, formatCounted } from './format.ts'

/** `4,813 different rows; repeats of the generator are left out.` */
export const generatedSentence = ({
  accepted,
  duplicates,
}: Pick<DemonstrationImport, 'accepted' | 'duplicates'>): string =>
  duplicates === 0
    ? `${formatCounted(accepted, 'row')}.`
    : `${formatCounted(accepted, 'different row')}; repeats of the generator are left out.`

/** `Imported 95 of 100 rows: 3 rejected, 2 duplicates left out.` */
export function importSentence({
  read,
  accepted,
  rejected,
  duplicates,
}: Pick<DemonstrationImport, 'read' | 'accepted' | 'rejected' | 'duplicates'>): string {
  const left = [
    ...(rejected > 0 ? [`${formatCount(rejected)} rejected`] : []),
    ...(duplicates > 0 ? [formatCounted(duplicates, 'duplicate left out', 'duplicates left out')] : []),
  ]
  return `Imported ${formatCount(accepted)} of ${formatCounted(read, 'row')}${
    left.length > 0 ? `: ${left.join(', ')}` : ''
  }.`
}

/** `Imported 95 of 100 rows: 3 rejected, 2 duplicates left out. 4 pairs contradict each other.` */
export const preferenceSentence = ({
  contradictions,
  ...read
}: Pick<PreferenceImport, 'read' | 'accepted' | 'rejected' | 'duplicates' | 'contradictions'>): string =>
  contradictions === 0
    ? importSentence(read)
    : `${importSentence(read)} ${formatCounted(contradictions, 'pair is', 'pairs are')} judged both ways round.`
