// What is inside a set: its prompts, how well its labelers agree, what was rejected, how it was made.
import { Alert, Button, Group, List, Stack, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import type { Rejection } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { useApp, useSettings } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { RejectionsTable } from '../../../components/rejections-table.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, formatMoment } from '../../../format.ts'
import { preferenceSentence } from '../../../import-sentence.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { useAction, useQuery } from '../../../queries.ts'
import { AgreementPanel } from './agreement-panel.tsx'
import { sampleOn, usePreferences } from './preferences-store.ts'
import { PromptsBrowser } from './prompts-browser.tsx'
import { nextStep, standingOf } from './set-words.ts'

export function SetDetail({ set }: { set: PreferenceSet }) {
  const [tab, setTab] = useState<string | null>('prompts')
  return (
    <Stack gap="xs">
      <ImportNote set={set} onShowRejected={() => setTab('rejections')} />
      <NextStep set={set} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} color="amber">
        <Tabs.List mb="xs">
          <Tabs.Tab value="prompts">Prompts ({formatCount(set.prompts)})</Tabs.Tab>
          <Tabs.Tab value="agreement">Agreement</Tabs.Tab>
          <Tabs.Tab value="rejections">Rejected ({formatCount(set.rejected)})</Tabs.Tab>
          <Tabs.Tab value="about">How it was made</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="prompts">
          <PromptsBrowser set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="agreement">
          <AgreementPanel set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="rejections">
          <Rejections set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About set={set} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

/** How far a set is, and the button that goes on with it. */
function NextStep({ set }: { set: PreferenceSet }) {
  const { openBench, show } = useApp()
  const labeler = useSettings().labeler.trim() || 'me'
  const unsampled = set.kind === 'bench' && set.sampled < set.prompts
  const sampling = useQuery('ranking.state', unsampled ? { set: set.id, labeler } : null).data?.sampling
  const on = useAction(() => sampleOn(set.id))
  if (set.kind === 'chat')
    return (
      <Group gap="sm">
        <Text fz="sm" c="dimmed">
          Votes that you cast in the Chat tab, each a comparison of two answers to the same message.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => show('chat')}>
          Vote in the Chat tab
        </Button>
      </Group>
    )
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Text fz="sm" c="dimmed" className="tabular">
          {standingOf(set)}
          {set.skipped > 0 && `, ${formatCount(set.skipped)} skipped`}
          {set.allBad > 0 && `, ${formatCount(set.allBad)} all bad`}
          {sampling && '; sampling goes on'}
        </Text>
        {nextStep(set) === 'rank' && (
          <Button size="compact-sm" color="amber" onClick={() => openBench(set.id)}>
            Go on ranking
          </Button>
        )}
        {unsampled && !sampling && (
          <Button size="compact-sm" variant="default" loading={on.busy} onClick={() => void on.run()}>
            Go on sampling
          </Button>
        )}
      </Group>
      <ErrorNote error={on.error} onClose={on.clear} />
    </Stack>
  )
}

/** What the last import into this set left out, until it is closed. */
function ImportNote({ set, onShowRejected }: { set: PreferenceSet; onShowRejected: () => void }) {
  const last = usePreferences(state => state.lastImport)
  if (last?.set !== set.id || last.rejected + last.duplicates + last.contradictions === 0) return null
  return (
    <Alert
      role="status"
      variant="light"
      color={last.rejected + last.contradictions > 0 ? 'amber' : 'teal'}
      p="xs"
      withCloseButton
      closeButtonLabel="Close this message"
      onClose={() => usePreferences.setState({ lastImport: null })}
    >
      <Group gap="sm">
        <Text fz="sm">{preferenceSentence(last)}</Text>
        {last.rejected > 0 && (
          <Button size="compact-xs" variant="default" onClick={onShowRejected}>
            See the rejected rows
          </Button>
        )}
      </Group>
    </Alert>
  )
}

function Rejections({ set }: { set: PreferenceSet }) {
  const page = usePagedRows<Rejection>(`${set.id} ${set.rejected}`, (offset, limit) =>
    call('preferences.rejections', { set: set.id, offset, limit }),
  )
  if (set.rejected === 0)
    return (
      <Text fz="sm" c="dimmed">
        {set.files.length === 0
          ? 'Nothing was imported into this set.'
          : 'Nothing was rejected: every row of every file was read.'}
      </Text>
    )
  return (
    <>
      <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
      <Text fz="xs" c="dimmed" mb={4}>
        These rows were left out and everything else was kept. Correct them in the file and import it into
        this set again: rows that are here already count as duplicates.
      </Text>
      <RejectionsTable rows={page.rows} onNearEnd={page.more} />
    </>
  )
}

type ReadFile = PreferenceSet['files'][number]
const fileColumns: readonly Column<ReadFile>[] = [
  { key: 'file', header: 'File', width: 'minmax(160px, 1fr)', cell: f => <PlainText text={f.file} /> },
  { key: 'format', header: 'Format', width: '220px', cell: f => <PlainText text={f.format} /> },
  { key: 'rows', header: 'Rows', width: '90px', align: 'right', cell: f => formatCount(f.rows) },
]

function About({ set }: { set: PreferenceSet }) {
  const { bench } = set
  return (
    <Stack gap="xs" fz="sm">
      <Text inherit>
        {set.kind !== 'chat' && `Made ${formatMoment(set.createdAt)}: `}
        {formatCounted(set.prompts, 'prompt')}.
        {set.duplicates > 0 &&
          ` ${formatCounted(set.duplicates, 'row that is there already was', 'rows that are there already were')} left out.`}
      </Text>
      {bench && (
        <Text inherit>
          {formatCount(bench.responses)} answers each, sampled from {visible(bench.checkpointName)} at
          temperature {bench.sampling.temperature}, at most {formatCount(bench.sampling.maxTokens)} tokens,
          seed {bench.sampling.seed}; equal answers are shown once.{' '}
          {bench.world !== null && `The prompts are of starter world ${bench.world}.`}
        </Text>
      )}
      {set.notes.length > 0 && (
        <List fz="sm" spacing={2}>
          {set.notes.map(note => (
            <List.Item key={note}>
              <PlainText text={note} />
            </List.Item>
          ))}
        </List>
      )}
      {set.files.length > 0 && (
        <VirtualTable
          label="Files"
          columns={fileColumns}
          rows={set.files}
          rowKey={(file, i) => `${i} ${file.file}`}
          height={300}
        />
      )}
    </Stack>
  )
}
