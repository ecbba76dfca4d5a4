// One file before it is imported: its format, its first rows as they would become, and the first that would be refused.
import { Alert, Badge, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { LabErrorFacts } from '../../../src-shared/contract/errors.ts'
import type { Rejection } from '../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from './error-note.tsx'
import { PlainText, visible } from './plain-text.tsx'
import { RejectionsTable } from './rejections-table.tsx'
import { type Column, VirtualTable } from './virtual-table.tsx'

interface Found<Row> {
  readonly formatTitle: string
  readonly rows: readonly Row[]
  readonly rejections: readonly Rejection[]
}

export function ImportPreview<Row extends { readonly line: number }>({
  name,
  answer: { data, error, loading, refetch },
  color,
  sentence,
  problem,
  columns,
  children,
}: {
  /** Of the file. */
  name: string
  answer: {
    readonly data: Found<Row> | undefined
    readonly error: LabErrorFacts | null
    readonly loading: boolean
    readonly refetch: () => void
  }
  /** Of the format. */
  color: string
  /** What of the file is shown. */
  sentence: string
  /** Why nothing in it can be used; null = something can. */
  problem: string | null
  columns: readonly Column<Row>[]
  /** Above the rows: how they are read. */
  children?: ReactNode
}) {
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
            <Badge variant="light" color={color} tt="none">
              {visible(data.formatTitle)}
            </Badge>
            <Text fz="xs" c="dimmed" role="status">
              {sentence}
            </Text>
          </Group>
          {problem !== null && (
            <Alert color="amber" variant="light" p="xs" role="alert">
              <Text fz="sm">
                Nothing in this file can be used: <PlainText text={problem} />
              </Text>
            </Alert>
          )}
          {children}
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
