// Before comparisons are imported: the format that was found, the first rows as prompt, winner and losers, and the first
// that would be refused.
import { Alert, Badge, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type {
  PreferencePreview,
  PreferenceSet,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { PREVIEWED_ROWS } from '../../../../../src-shared/contract/shapes.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { ImportFiles, importProblem, type LookedAt, STILL_READ } from '../../../components/import-files.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { RejectionsTable } from '../../../components/rejections-table.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { useQueries, useQuery } from '../../../queries.ts'
import { changeImport, closeImport, leaveOut, startImport, useImport } from './import-store.ts'
import { inListOrder } from './set-words.ts'

const NEW_SET = ''

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

export function ImportDialog({ sets }: { sets: readonly PreferenceSet[] }) {
  const { files, reading, name, into, busy, error } = useImport()
  const previews = useQueries(
    'preferences.preview',
    (files ?? []).map(({ file }) => ({ file })),
  )
  const problems = (files ?? []).map((_, i) => fileProblem(previews[i]?.data, previews[i]?.error ?? null))
  const problem = importProblem(reading, files ?? [], problems)
  const start = () => {
    if (problem === null) void startImport()
  }
  return (
    <Modal
      opened={files !== null}
      onClose={closeImport}
      title="Import rankings"
      size={980}
      closeButtonProps={{ 'aria-label': 'Close' }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start()
      }}
    >
      <Stack gap="sm">
        {reading && (
          <Text fz="sm" role="status">
            Reading {visible(reading)} …
          </Text>
        )}
        {files && files.length > 0 && (
          <ImportFiles
            files={files}
            problems={problems}
            preview={file => <Preview key={file.file} file={file} />}
            onLeaveOut={leaveOut}
          />
        )}
        <Group gap="sm" align="end">
          <Select
            label="Import into"
            w={240}
            data={[
              { value: NEW_SET, label: 'a new set' },
              ...inListOrder(sets)
                .filter(set => set.kind !== 'chat')
                .map(set => ({ value: set.id, label: visible(set.name) })),
            ]}
            value={into ?? NEW_SET}
            onChange={set => changeImport({ into: set || null })}
          />
          {into === null && (
            <TextInput
              label="Name of the set"
              style={{ flex: 1 }}
              placeholder="chosen for you"
              maxLength={120}
              data-autofocus
              value={name}
              onChange={event => changeImport({ name: event.currentTarget.value })}
              onKeyDown={event => {
                if (event.key === 'Enter' && !event.nativeEvent.isComposing) start()
              }}
            />
          )}
        </Group>
        {into !== null && (
          <Text fz="xs" c="dimmed">
            Rankings of prompts and answers that are there already join them: the agreement of their labelers
            is measured.
          </Text>
        )}
        <ErrorNote error={error} />
        <Group justify="flex-end" gap="xs">
          <Text fz="xs" c="dimmed" mr="auto">
            Nothing is imported yet. Rows that cannot be used are left out and listed by line.
          </Text>
          <ActionButton variant="default" onClick={closeImport}>
            Cancel
          </ActionButton>
          <ActionButton loading={busy} disabledReason={problem} onClick={start}>
            Import
          </ActionButton>
        </Group>
      </Stack>
    </Modal>
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

const TwoLines = ({ text }: { text: string }) => (
  <Text inherit lineClamp={2} title={visible(text.slice(0, 2000))} style={{ whiteSpace: 'normal' }}>
    <PlainText text={text.slice(0, 400)} />
  </Text>
)

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
  const { data, error, loading, refetch } = useQuery('preferences.preview', { file })
  const refused = data?.rejections.filter(({ line }) => line !== null) ?? []
  return (
    <Stack gap="xs" aria-busy={loading}>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      {data && (
        <>
          <Group gap="xs">
            <Text fz="sm">
              <PlainText text={name} />
            </Text>
            <Badge variant="light" color={data.format === null ? 'gray' : 'amber'} tt="none">
              {visible(data.formatTitle)}
            </Badge>
            {data.problem === null && data.format !== null && (
              <Text fz="xs" c="dimmed" role="status">
                {previewSentence(data.rows.length, refused.length)}
              </Text>
            )}
          </Group>
          {(data.problem !== null || data.format === null) && (
            <Alert color="amber" variant="light" p="xs" role="alert">
              <Text fz="sm">
                Nothing in this file can be used: <PlainText text={fileProblem(data, null) ?? ''} />
              </Text>
            </Alert>
          )}
          {data.rows.length > 0 && (
            <VirtualTable
              label="First rows as they would become"
              columns={columns}
              rows={data.rows}
              rowKey={row => String(row.line)}
              rowHeight={44}
              height={240}
            />
          )}
          {refused.length > 0 && (
            <>
              <Text fz="sm" fw={600}>
                Would be refused
              </Text>
              <RejectionsTable rows={refused} height={160} />
            </>
          )}
        </>
      )}
    </Stack>
  )
}
