// One set: its rows, the rows of its files that were refused, and how it was read.
import { Stack, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ImportNote, NotesAndFiles, Rejections } from '../../../components/imported-set.tsx'
import { formatCount, formatCounted, formatMoment } from '../../../format.ts'
import { importSentence } from '../../../import-sentence.ts'
import { call } from '../../../lab.ts'
import { useDemonstrations } from './demonstrations-store.ts'
import { RowsBrowser } from './rows-browser.tsx'
import { isGenerated } from './sets-table.tsx'

export function SetDetail({ set }: { set: DemonstrationSet }) {
  const [tab, setTab] = useState<string | null>('rows')
  return (
    <Stack gap="xs">
      <LeftOut set={set} onShowRejected={() => setTab('rejections')} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} color="teal">
        <Tabs.List mb="xs">
          <Tabs.Tab value="rows">Rows ({formatCount(set.rows)})</Tabs.Tab>
          <Tabs.Tab value="rejections">Rejected ({formatCount(set.rejected)})</Tabs.Tab>
          <Tabs.Tab value="about">How it was read</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows">
          <RowsBrowser set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="rejections">
          <Rejections
            set={set}
            load={(offset, limit) => call('demonstrations.rejections', { set: set.id, offset, limit })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About set={set} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

/** What the last import into this set left out, until it is closed. */
function LeftOut({ set, onShowRejected }: { set: DemonstrationSet; onShowRejected: () => void }) {
  const last = useDemonstrations(state => state.lastImport)
  if (last?.set !== set.id || last.rejected + last.duplicates === 0) return null
  return (
    <ImportNote
      sentence={importSentence(last)}
      good={last.rejected === 0}
      rejected={last.rejected}
      onShowRejected={onShowRejected}
      onClose={() => useDemonstrations.setState({ lastImport: null })}
    />
  )
}

function About({ set }: { set: DemonstrationSet }) {
  return (
    <Stack gap="xs" fz="sm">
      <Text inherit>
        Made {formatMoment(set.createdAt)}: {formatCounted(set.rows, 'row')} now.
        {set.duplicates > 0 && isGenerated(set) && ' Repeats of the generator were left out.'}
        {set.duplicates > 0 &&
          !isGenerated(set) &&
          ` ${formatCounted(set.duplicates, 'row that is there already was', 'rows that are there already were')} left out.`}
      </Text>
      <NotesAndFiles notes={set.notes} files={set.files} />
    </Stack>
  )
}
