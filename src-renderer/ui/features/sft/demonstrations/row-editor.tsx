// One row as a form: turns, system message, use case, tags. Ctrl+Enter saves, Esc closes; what is wrong stands at its
// field as soon as saving was tried.
import { ActionIcon, Group, Select, Stack, TagsInput, Text, Title, Tooltip } from '@mantine/core'
import { Trash2, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { toastError } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import { showMask } from '../mask/mask-store.ts'
import { changeDraft, closeDraft, draftSaved, removeRows } from './demonstrations-store.ts'
import { draftProblem, messagesOf, type RowDraft, rowName, sameDraft } from './row-draft.ts'
import { TurnsEditor } from './turns-editor.tsx'
import { useCaseOptions } from './use-case-names.ts'

async function store(draft: RowDraft): Promise<number> {
  const { set, number, useCase, tags } = draft
  const row = { set, messages: messagesOf(draft), useCase, tags: [...tags] }
  if (number === null) return (await call('demonstrations.add', row)).number
  await call('demonstrations.edit', { ...row, number })
  return number
}

export function RowEditor({
  set,
  draft,
  opened,
}: {
  set: DemonstrationSet
  draft: RowDraft
  opened: RowDraft
}) {
  const [tried, setTried] = useState(false)
  const [added, setAdded] = useState<number | null>(null)
  const first = useRef<HTMLTextAreaElement>(null)
  const save = useAction(store)
  const isNew = draft.number === null
  const problem = draftProblem(draft)
  const unchanged = !isNew && sameDraft(draft, opened)
  useReturnedFocus()
  useEffect(() => {
    if (isNew) first.current?.focus()
  }, [isNew])

  const trySave = async () => {
    setTried(true)
    if (problem || unchanged || save.busy) return
    const number = await save.run(draft)
    if (number === undefined) return
    setTried(false)
    draftSaved(draft)
    if (isNew) {
      setAdded(number)
      first.current?.focus()
    }
  }
  return (
    <section
      aria-label={isNew ? 'New row' : `Row ${rowName(draft.number!)}`}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          void trySave()
        } else if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault()
          // The same key takes toasts away, and with them the way back to what was typed.
          event.stopPropagation()
          closeDraft()
        }
      }}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Title order={3}>{isNew ? 'New row' : `Row ${rowName(draft.number!)}`}</Title>
          <Group gap={4} wrap="nowrap">
            {!isNew && (
              <Tooltip label="Delete, with undo">
                <ActionIcon
                  size="sm"
                  aria-label="Delete this row"
                  onClick={() => void removeRows(draft.set, [draft.number!]).catch(toastError)}
                >
                  <Trash2 size={14} />
                </ActionIcon>
              </Tooltip>
            )}
            <Tooltip label="Close (Esc)">
              <ActionIcon size="sm" aria-label="Close the editor" onClick={closeDraft}>
                <X size={14} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <TurnsEditor
          conversation={draft}
          problem={tried ? problem : null}
          first={first}
          onChange={changeDraft}
        />
        <Group gap="xs" align="start" grow>
          <Select
            label="Use case"
            data={useCaseOptions}
            value={draft.useCase ?? ''}
            onChange={value => changeDraft({ useCase: (value || null) as RowDraft['useCase'] })}
          />
          <TagsInput
            label="Tags"
            placeholder={draft.tags.length === 0 ? 'none' : undefined}
            data={set.tags}
            value={[...draft.tags]}
            maxTags={20}
            onChange={tags => changeDraft({ tags })}
          />
        </Group>
        <ErrorNote error={save.error} onClose={save.clear} />
        <Group gap="xs">
          <ActionButton
            loading={save.busy}
            disabledReason={unchanged ? 'Nothing is changed yet' : tried ? (problem?.sentence ?? null) : null}
            onClick={() => void trySave()}
          >
            {isNew ? 'Add row' : 'Save'}
          </ActionButton>
          <ActionButton
            variant="default"
            disabledReason={problem?.sentence ?? null}
            onClick={() => {
              showMask(messagesOf(draft))
              useApp.getState().showSft('mask')
            }}
          >
            See its mask
          </ActionButton>
          <Text fz="xs" c="dimmed" role="status">
            {isNew && added !== null
              ? `Row ${rowName(added)} is added; write the next one.`
              : 'Ctrl+Enter saves, Esc closes.'}
          </Text>
        </Group>
      </Stack>
    </section>
  )
}

/** Where the focus was before goes on when the editor closes under it. */
function useReturnedFocus(): void {
  const opener = useRef(document.activeElement)
  useEffect(
    () => () => {
      const { current } = opener
      if (document.activeElement === document.body && current instanceof HTMLElement && current.isConnected)
        current.focus()
    },
    [],
  )
}
