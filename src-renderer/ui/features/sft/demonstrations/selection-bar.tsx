// What can be done with the ticked rows at once.
import { Button, Group, Popover, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'
import type {
  DemonstrationRow,
  DemonstrationSet,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { formatCounted } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { inParts, removeRows } from './demonstrations-store.ts'
import { useCaseOptions } from './use-case-names.ts'

export function SelectionBar({
  set,
  numbers,
  onClear,
}: {
  set: DemonstrationSet
  numbers: readonly number[]
  onClear: () => void
}) {
  const rows = formatCounted(numbers.length, 'row')
  const change = async (
    what: { useCase?: DemonstrationRow['useCase']; addTags?: string[]; removeTags?: string[] },
    done: string,
  ) => {
    await inParts(numbers, part => call('demonstrations.tag', { set: set.id, numbers: part, ...what }))
    toast('success', done)
  }
  return (
    <Group gap="xs" role="toolbar" aria-label="Ticked rows">
      <Text fz="sm" fw={600} role="status" className="tabular">
        {rows} ticked
      </Text>
      <Select
        aria-label="Set the use case"
        placeholder="Set the use case …"
        w={150}
        data={useCaseOptions}
        value={null}
        onChange={value => {
          if (value === null) return
          const useCase = (value || null) as DemonstrationRow['useCase']
          void change({ useCase }, `The use case of ${rows} is set.`).catch(toastError)
        }}
      />
      <TagsButton
        label="Tag …"
        action="Add"
        known={set.tags}
        onTags={tags => void change({ addTags: tags }, `${rows} tagged.`).catch(toastError)}
      />
      {set.tags.length > 0 && (
        <TagsButton
          label="Untag …"
          action="Take away"
          known={set.tags}
          onTags={tags => void change({ removeTags: tags }, `Tags taken from ${rows}.`).catch(toastError)}
        />
      )}
      <Button
        variant="default"
        onClick={() => {
          onClear()
          void removeRows(set.id, numbers).catch(toastError)
        }}
      >
        Delete
      </Button>
      <Button variant="subtle" color="gray" onClick={onClear}>
        Untick all
      </Button>
    </Group>
  )
}

function TagsButton({
  label,
  action,
  known,
  onTags,
}: {
  label: string
  action: string
  known: readonly string[]
  onTags: (tags: string[]) => void
}) {
  const [open, setOpen] = useState(false)
  const [tags, setTags] = useState<string[]>([])
  return (
    <Popover opened={open} onChange={setOpen} trapFocus withArrow>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpen(!open)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={230}>
          <TagsInput
            label="Tags"
            data={[...known]}
            value={tags}
            maxTags={20}
            acceptValueOnBlur
            comboboxProps={{ withinPortal: false }}
            onChange={setTags}
          />
          <ActionButton
            disabledReason={tags.length === 0 ? 'Type a tag and press Enter' : null}
            onClick={() => {
              setOpen(false)
              onTags(tags)
              setTags([])
            }}
          >
            {action}
          </ActionButton>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
