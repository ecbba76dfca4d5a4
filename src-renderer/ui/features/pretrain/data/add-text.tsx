// Ways to get text in: pick files, paste, or let the starter world be made. Dropping works anywhere in the window.
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ErrorNote } from '../../../components/error-note.tsx'
import { formatBytes } from '../../../format.ts'
import { importFiles, pickFiles } from '../../../import-drop.ts'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import { STARTER_SEED } from '../../../starter-world.ts'

export const pickAndImport = (): void => {
  void pickFiles().then(importFiles)
}

export function useStarterWorld() {
  return useAction(async () => call('starterWorld.create', { seed: STARTER_SEED }))
}

export function AddText() {
  const [pasting, setPasting] = useState(false)
  const starter = useStarterWorld()
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Button onClick={pickAndImport}>Import files …</Button>
        <Button variant="default" onClick={() => setPasting(true)}>
          Paste text …
        </Button>
        <Button variant="default" loading={starter.busy} onClick={() => void starter.run()}>
          Make the starter world
        </Button>
        <Text fz="xs" c="dimmed">
          or drop files and folders anywhere in the window
        </Text>
      </Group>
      <ErrorNote error={starter.error} onClose={starter.clear} />
      <PasteDialog opened={pasting} onClose={() => setPasting(false)} />
    </Stack>
  )
}

const encoder = new TextEncoder()

function PasteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const add = async () => {
    // A slash would be taken for a folder.
    const path = `${name.trim().replaceAll(/[\\/]/g, '-') || 'pasted text'}.txt`
    const job = await importFiles([{ path, file: new File([text], path, { type: 'text/plain' }) }])
    if (job === null) return
    setName('')
    setText('')
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Paste text"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder="pasted text"
          maxLength={100}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Textarea
          label="Text"
          description={
            text === ''
              ? 'The more, the better: a model needs some hundred kilobytes.'
              : formatBytes(encoder.encode(text).length)
          }
          data-autofocus
          minRows={8}
          maxRows={16}
          autosize
          spellCheck={false}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={text.trim() === ''}
            title={text.trim() === '' ? 'There is no text yet.' : undefined}
            onClick={() => void add()}
          >
            Add
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
