// Before comparisons are imported: the format that was found, the first rows as prompt, winner and losers, and the first
// that would be refused.
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type {
  PreferencePreview,
  PreferenceSet,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { PREVIEWED_ROWS } from '../../../../../src-shared/contract/shapes.ts'
import { ImportDialog } from '../../../components/import-dialog.tsx'
import { type LookedAt, STILL_READ } from '../../../components/import-files.tsx'
import { ImportPreview } from '../../../components/import-preview.tsx'
import { TwoLines } from '../../../components/two-lines.tsx'
import type { Column } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQueries, useQuery } from '../../../queries.ts'
import { rankingsImport, useImport } from './import-store.ts'
import { inListOrder } from './set-words.ts'

/** Why a file cannot be imported, as the end of a sentence that begins with its name; null = it can. */
export const fileProblem = (
  preview: Pick<PreferencePreview, 'format' | 'problem'> | undefined,
  error: LabErrorFacts | null,
): string | null =>
  error
    ? error.what
    : !preview
      ? STILL_READ
      : (preview.problem ??
        (preview.format === null ? 'its rows are no comparisons that are known here' : null))

export function ImportRankings({ sets }: { sets: readonly PreferenceSet[] }) {
  const files = useImport(state => state.files) ?? []
  const previews = useQueries(
    'preferences.preview',
    files.map(({ file }) => ({ file })),
  )
  return (
    <ImportDialog
      store={rankingsImport}
      title="Import rankings"
      size={980}
      sets={inListOrder(sets).filter(set => set.kind !== 'chat')}
      intoMeaning="Rankings of prompts and answers that are there already join them: the agreement of their labelers is measured."
      problems={files.map((_, i) => fileProblem(previews[i]?.data, previews[i]?.error ?? null))}
      preview={file => <Preview key={file.file} file={file} />}
    />
  )
}

/** What of the file the preview shows. */
export const previewSentence = (usable: number, refused: number): string =>
  `Shown: the first ${formatCounted(usable, 'row')} that can be used${
    refused === 0 ? '' : ` and the first ${formatCount(refused)} that cannot`
  }, of the ${formatCount(PREVIEWED_ROWS)} at the file’s beginning.`

type PreviewRow = PreferencePreview['rows'][number]

/** Answers from best to worst, those without a rank last. */
const inOrder = ({ responses }: PreviewRow): PreviewRow['responses'] =>
  [...responses].sort((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY))

/** The best answer, and the worst with a word about those between. */
export function endsOf(row: PreviewRow): { best: string; rest: string } {
  const [best, ...others] = inOrder(row)
  const worst = others.at(-1)
  const between = others.length - 1
  return {
    best: best?.text ?? '',
    rest: `${between > 0 ? `[and ${formatCounted(between, 'answer')} between]\n` : ''}${worst?.text ?? ''}`,
  }
}

const columns: readonly Column<PreviewRow>[] = [
  { key: 'line', header: 'Line', width: '56px', align: 'right', cell: row => formatCount(row.line) },
  {
    key: 'prompt',
    header: 'Prompt',
    width: 'minmax(180px, 1fr)',
    cell: ({ messages }) => {
      const before = messages.length > 1 ? `[the last of ${formatCounted(messages.length, 'message')}]\n` : ''
      return <TwoLines text={before + (messages.at(-1)?.content ?? '')} />
    },
  },
  {
    key: 'winning',
    header: 'Winning',
    width: 'minmax(180px, 1fr)',
    cell: row => <TwoLines text={endsOf(row).best} />,
  },
  {
    key: 'losing',
    header: 'Losing',
    width: 'minmax(180px, 1fr)',
    cell: row => <TwoLines text={endsOf(row).rest} />,
  },
]

function Preview({ file: { file, name } }: { file: LookedAt }) {
  const answer = useQuery('preferences.preview', { file })
  const { data } = answer
  const problem = data ? fileProblem(data, null) : null
  const refused = data?.rejections.filter(({ line }) => line !== null).length ?? 0
  return (
    <ImportPreview
      name={name}
      answer={answer}
      color={data?.format === null ? 'gray' : 'amber'}
      sentence={data && problem === null ? previewSentence(data.rows.length, refused) : ''}
      problem={problem}
      columns={columns}
    />
  )
}
