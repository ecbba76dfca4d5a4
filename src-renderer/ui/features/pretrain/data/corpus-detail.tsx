// One corpus: how it was read, its documents, and the rows that were refused.
import { List, Stack, Tabs, Text, Title } from '@mantine/core'
import type { CorpusSummary, Rejection } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { RejectionsTable } from '../../../components/rejections-table.tsx'
import { Term } from '../../../components/term.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatBytes, formatCount, formatMoment } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { usePagedRows } from '../../../paged-rows.ts'
import { DocumentBrowser } from './document-browser.tsx'

export function CorpusDetail({ corpus }: { corpus: CorpusSummary }) {
  return (
    <Stack gap="xs">
      <Title order={2}>
        <PlainText text={corpus.name} />
      </Title>
      <Tabs defaultValue="documents" keepMounted={false}>
        <Tabs.List mb="xs">
          <Tabs.Tab value="documents">Documents</Tabs.Tab>
          <Tabs.Tab value="rejections">Rejected ({formatCount(corpus.rejected)})</Tabs.Tab>
          <Tabs.Tab value="about">How it was read</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="documents">
          <DocumentBrowser corpus={corpus} />
        </Tabs.Panel>
        <Tabs.Panel value="rejections">
          <Rejections corpus={corpus} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About corpus={corpus} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

const splits = {
  'document-hash': 'by document: a hash of each decides, so that the same text always falls on the same side',
  tail: 'off the end of every document, since there are too few documents to split by document',
} as const

function About({ corpus }: { corpus: CorpusSummary }) {
  const files: readonly Column<CorpusSummary['files'][number]>[] = [
    { key: 'file', header: 'File', width: 'minmax(160px, 1fr)', cell: f => <PlainText text={f.file} /> },
    { key: 'format', header: 'Format', width: '80px', cell: f => f.format },
    { key: 'encoding', header: 'Encoding', width: '100px', cell: f => f.encoding },
    { key: 'bytes', header: 'Size', width: '80px', align: 'right', cell: f => formatBytes(f.bytes) },
    {
      key: 'documents',
      header: 'Documents',
      width: '86px',
      align: 'right',
      cell: f => formatCount(f.documents),
    },
  ]
  return (
    <Stack gap="xs" fz="sm">
      <Text inherit>
        Added {formatMoment(corpus.createdAt)}: {formatCount(corpus.documents)} documents,{' '}
        {formatBytes(corpus.bytes)}. Kept apart for{' '}
        <Term meaning="Text that the model never trains on; its loss tells learning from remembering.">
          validation
        </Term>
        : {formatBytes(corpus.validationBytes)}, split {splits[corpus.split]}.
      </Text>
      {corpus.duplicates > 0 && (
        <Text inherit>
          {formatCount(corpus.duplicates)} documents were exact copies of others and are kept once.
        </Text>
      )}
      {corpus.notes.length > 0 && (
        <List fz="sm" spacing={2}>
          {corpus.notes.map(note => (
            <List.Item key={note}>
              <PlainText text={note} />
            </List.Item>
          ))}
        </List>
      )}
      <VirtualTable
        label="Files"
        columns={files}
        rows={corpus.files}
        rowKey={(f, i) => `${i} ${f.file}`}
        height={300}
      />
    </Stack>
  )
}

function Rejections({ corpus }: { corpus: CorpusSummary }) {
  const page = usePagedRows<Rejection>(corpus.id, (offset, limit) =>
    call('corpora.rejections', { corpus: corpus.id, offset, limit }),
  )
  if (corpus.rejected === 0)
    return (
      <Text fz="sm" c="dimmed">
        Nothing was rejected: every row of every file was read.
      </Text>
    )
  return (
    <>
      <ErrorNote error={page.error} retry={{ label: 'Try again', run: page.reload }} />
      <Text fz="xs" c="dimmed" mb={4}>
        These rows were left out and everything else was kept. Correct them in the file and import it again to
        have them.
      </Text>
      <RejectionsTable rows={page.rows} onNearEnd={page.more} />
    </>
  )
}
