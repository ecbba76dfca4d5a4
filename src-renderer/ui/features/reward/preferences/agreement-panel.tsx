// How well the labelers of a set agree with themselves and with each other: what a reward model cannot exceed.
import { Stack, Text } from '@mantine/core'
import type {
  Agreement,
  PreferenceSet,
  ShareWithInterval,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, formatPercent } from '../../../format.ts'
import { useQuery } from '../../../queries.ts'
import { ceilingSentence } from '../agreement-words.ts'
import { AgreementBar } from '../bench/agreement-meter.tsx'
import { shareSentence } from '../bench/bench-words.ts'
import { ceilingOf } from './set-words.ts'

interface Row {
  readonly who: string
  readonly agreement: ShareWithInterval
}

/** Every measurement as a row; those without a single pair say nothing. */
export const agreementRows = ({ self, between }: Pick<Agreement, 'self' | 'between'>): Row[] =>
  [
    ...self.map(({ labeler, agreement }) => ({ who: `${visible(labeler)} with themselves`, agreement })),
    ...between.map(({ a, b, agreement }) => ({ who: `${visible(a)} with ${visible(b)}`, agreement })),
  ].filter(({ agreement }) => agreement.n > 0)

const columns: readonly Column<Row>[] = [
  { key: 'who', header: 'Who', width: 'minmax(200px, 1fr)', cell: row => <bdi>{row.who}</bdi> },
  { key: 'bar', header: '0 to 100%', width: '100px', cell: row => <AgreementBar {...row.agreement} /> },
  {
    key: 'share',
    header: 'Same order, with 95% interval',
    width: 'minmax(200px, 1fr)',
    cell: row => shareSentence(row.agreement),
  },
]

export function AgreementPanel({ set }: { set: PreferenceSet }) {
  const { data, error, refetch } = useQuery('preferences.agreement', { sets: [set.id] })
  const simulated = set.labelers.filter(each => each.simulation !== null)
  const rows = data ? agreementRows(data) : []
  return (
    <Stack gap="xs" maw={760}>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      {data && <Text fz="sm">{ceilingSentence(data.ceiling, data.noCeiling)}</Text>}
      {simulated.map(({ labeler, rankings, simulation }) => (
        <Text key={labeler} fz="sm" c="dimmed">
          <bdi>{visible(labeler)}</bdi>: a simulated labeler, {formatCount(rankings)} prompts, noise{' '}
          {formatPercent(simulation!.noise)}, so at best {formatPercent(ceilingOf(simulation!.noise))} can be
          reached.
        </Text>
      ))}
      {set.overruled > 0 && (
        <Text fz="sm" c="dimmed">
          Of {formatCounted(set.overruled, 'prompt')} what a person said counts in the place of the simulated
          label.
        </Text>
      )}
      {rows.length > 0 && (
        <VirtualTable
          label="Agreement of labelers"
          columns={columns}
          rows={rows}
          rowKey={row => row.who}
          height={300}
        />
      )}
    </Stack>
  )
}
