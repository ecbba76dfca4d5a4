// Ways to get demonstrations: pick files, write them, or take the starter world's. Dropping files works anywhere in the
// window while this tab is open.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { toast } from '../../../components/toast.tsx'
import { pickFiles } from '../../../import-drop.ts'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import { takeStarterDemonstrations } from '../../../starter-world.ts'
import { chooseSet, openNewRow } from './demonstrations-store.ts'
import { prepareImport, showMade } from './import-store.ts'

export const pickDemonstrations = (into: string | null = null): void =>
  void pickFiles().then(files => {
    if (files.length > 0) void prepareImport(files, into)
  })

/** The starter world's demonstrations as a set, shown; the job tells of itself. */
export function useStarterDemonstrations() {
  return useAction(async () => {
    const taken = await takeStarterDemonstrations()
    if ('job' in taken) return void showMade(taken.job)
    chooseSet(taken.set.id)
    toast('info', `They are here already: “${taken.set.name}”.`)
  })
}

export function AddDemonstrations() {
  const [writing, setWriting] = useState(false)
  const starter = useStarterDemonstrations()
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Button onClick={() => pickDemonstrations()}>Import files …</Button>
        <Button variant="default" onClick={() => setWriting(true)}>
          Write your own …
        </Button>
        <Button variant="default" loading={starter.busy} onClick={() => void starter.run()}>
          Take the starter world’s
        </Button>
        <Text fz="xs" c="dimmed">
          or drop JSONL, JSON, CSV, TSV or Parquet anywhere in the window
        </Text>
      </Group>
      <ErrorNote error={starter.error} onClose={starter.clear} />
      <NewSetDialog opened={writing} onClose={() => setWriting(false)} />
    </Stack>
  )
}

export function NewSetDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('')
  const create = useAction(async () => {
    const { set } = await call('demonstrations.create', { name: name.trim() })
    setName('')
    onClose()
    chooseSet(set)
    openNewRow(set)
  })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Write your own demonstrations"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() !== '') void create.run()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name of the set"
            placeholder="my demonstrations"
            maxLength={120}
            data-autofocus
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <ErrorNote error={create.error} onClose={create.clear} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <ActionButton
              type="submit"
              loading={create.busy}
              disabledReason={name.trim() === '' ? 'Give it a name first' : null}
            >
              Start writing
            </ActionButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
