// Before anything is imported: the files, each looked at, the set that they are to become, and what keeps them from it.
import { Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { ActionButton } from './action-button.tsx'
import { ErrorNote } from './error-note.tsx'
import { ImportFiles, importProblem, type LookedAt } from './import-files.tsx'
import type { ImportStore } from './import-store.ts'
import { visible } from './plain-text.tsx'

const NEW_SET = ''

export function ImportDialog<F extends LookedAt>({
  store: { useImport, changeImport, closeImport, leaveOut, startImport },
  title,
  size,
  sets,
  intoMeaning,
  problems,
  preview,
}: {
  store: ImportStore<F>
  title: string
  /** Width in pixels. */
  size: number
  /** Those that can take the files. */
  sets: readonly { readonly id: string; readonly name: string }[]
  /** What an import into a set that is there does. */
  intoMeaning?: string
  /** Of each file, as `importProblem` takes them. */
  problems: readonly (string | null)[]
  preview: (file: F) => ReactNode
}) {
  const { files, reading, name, into, busy, error } = useImport()
  const problem = importProblem(reading, files ?? [], problems)
  const start = () => {
    if (problem === null) void startImport()
  }
  return (
    <Modal
      opened={files !== null}
      onClose={closeImport}
      title={title}
      size={size}
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
          <ImportFiles files={files} problems={problems} preview={preview} onLeaveOut={leaveOut} />
        )}
        <Group gap="sm" align="end">
          <Select
            label="Import into"
            w={240}
            data={[
              { value: NEW_SET, label: 'a new set' },
              ...sets.map(set => ({ value: set.id, label: visible(set.name) })),
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
        {into !== null && intoMeaning && (
          <Text fz="xs" c="dimmed">
            {intoMeaning}
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
