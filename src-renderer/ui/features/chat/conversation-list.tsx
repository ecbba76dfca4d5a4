// The conversations, newest first: searched, renamed in place, deleted with undo. Arrow keys move, F2 renames, Delete
// deletes.
import { Button, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { type KeyboardEvent, memo, useRef, useState } from 'react'
import type { ConversationSummary } from '../../../../src-shared/contract/chat-contract.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { visible } from '../../components/plain-text.tsx'
import { RenameField } from '../../components/rename-field.tsx'
import { toastError, toastUndo } from '../../components/toast.tsx'
import { formatCounted, formatWhen } from '../../format.ts'
import { call } from '../../lab.ts'
import { useQuery } from '../../queries.ts'
import { open, useChat } from './chat-store.ts'
import classes from './conversation-list.module.css'
import { IconButton } from './icon-button.tsx'

const ROW_HEIGHT = 44

async function remove({ id, title }: ConversationSummary): Promise<void> {
  const wasOpen = useChat.getState().conversation === id
  await call('chat.remove', { conversation: id })
  if (useChat.getState().conversation === id) useChat.setState({ conversation: null })
  toastUndo(`Deleted “${visible(title)}”.`, async () => {
    await call('chat.restore', { conversation: id })
    // Nobody is taken away from another one that is open, unless it stands where this one stood.
    if (wasOpen || useChat.getState().conversation === null) open(id)
  })
}

export const ConversationList = memo(function ConversationList({
  onNew,
  onOpened,
}: {
  onNew: () => void
  /** A conversation was chosen. */
  onOpened: () => void
}) {
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search.trim(), 200)
  const { data, error, refetch } = useQuery('chat.list', settled ? { search: settled } : {}, {
    keepPrevious: true,
  })
  const rows = (data ?? []).filter(each => each.removedAt === null)
  return (
    <nav className={classes.list} aria-label="Conversations">
      <div className={classes.top}>
        <Button variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={onNew}>
          New conversation
        </Button>
        <TextInput
          aria-label="Search the conversations"
          placeholder="Search titles and messages"
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key !== 'Escape' || search === '') return
            event.stopPropagation()
            setSearch('')
          }}
        />
        <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
        <span className={classes.when} role="status">
          {data &&
            (rows.length === 0
              ? settled
                ? 'Nothing found.'
                : 'Conversations are kept here.'
              : settled
                ? `${rows.length} found`
                : formatCounted(rows.length, 'conversation'))}
        </span>
      </div>
      <Rows rows={rows} onOpened={onOpened} />
    </nav>
  )
})

function Rows({ rows, onOpened }: { rows: readonly ConversationSummary[]; onOpened: () => void }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  const current = useChat(state => state.conversation)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  const focusRow = (index: number) => {
    if (index < 0 || index >= rows.length) return
    virtualizer.scrollToIndex(index)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] button`)?.focus(),
    )
  }
  const onKeyDown = (event: KeyboardEvent, row: ConversationSummary, index: number) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by !== undefined) focusRow(index + by)
    else if (event.key === 'F2') setRenaming(row.id)
    else if (event.key === 'Delete') void remove(row).catch(toastError)
    else return
    event.preventDefault()
  }
  return (
    <div ref={scroller} className={classes.rows}>
      <ul
        style={{
          position: 'relative',
          height: virtualizer.getTotalSize(),
          margin: 0,
          padding: 0,
          listStyle: 'none',
        }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!
          return (
            <li
              key={row.id}
              data-index={index}
              className={classes.row}
              data-open={row.id === current || undefined}
              style={{ top: start }}
            >
              {renaming === row.id ? (
                <RenameField
                  label="Name of the conversation"
                  name={row.title}
                  rename={title => call('chat.change', { conversation: row.id, title })}
                  onDone={() => setRenaming(null)}
                />
              ) : (
                <>
                  <UnstyledButton
                    className={classes.open}
                    aria-current={row.id === current ? 'true' : undefined}
                    onClick={() => {
                      open(row.id)
                      onOpened()
                    }}
                    onDoubleClick={() => setRenaming(row.id)}
                    onKeyDown={event => onKeyDown(event, row, index)}
                  >
                    <bdi className={classes.name}>{visible(row.title)}</bdi>
                    <span className={classes.when}>
                      {formatWhen(row.updatedAt, new Date())} · {formatCounted(row.turns, 'turn')}
                    </span>
                  </UnstyledButton>
                  <span className={classes.actions}>
                    <IconButton
                      icon={Pencil}
                      label={`Rename ${visible(row.title)}`}
                      onClick={() => setRenaming(row.id)}
                    />
                    <IconButton
                      icon={Trash2}
                      label={`Delete ${visible(row.title)}`}
                      onClick={() => void remove(row).catch(toastError)}
                    />
                  </span>
                </>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
