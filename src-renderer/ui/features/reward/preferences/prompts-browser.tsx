// The prompts of a set as a table of any length: found by their words, opened on the bench to mend a label, deleted.
import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import type {
  PreferencePrompt,
  PreferenceSet,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { useApp } from '../../../app-state.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText, visible } from '../../../components/plain-text.tsx'
import { Term } from '../../../components/term.tsx'
import { toastError } from '../../../components/toast.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useTopic } from '../../../queries.ts'
import { useSparseRows } from '../../../sparse-rows.ts'
import { promptName, removePrompt, setSearch, usePreferences } from './preferences-store.ts'
import { bestResponse, promptStanding } from './set-words.ts'

/** In the place of a row that is not fetched yet. */
const WAITING = '…'
/** Letters of a text that a cell draws. */
const DRAWN = 300

const OneLine = ({ text }: { text: string }) => {
  const short = text.slice(0, DRAWN).replaceAll('\n', ' ')
  return (
    <span title={visible(text.slice(0, 2000))}>
      <PlainText text={short} />
    </span>
  )
}

/** Opened on the bench: whatever has two answers that can be ranked there. */
const canOpen = (set: PreferenceSet, prompt: PreferencePrompt | undefined): prompt is PreferencePrompt =>
  set.kind !== 'chat' && prompt !== undefined && prompt.responses.length > 1

export function PromptsBrowser({ set }: { set: PreferenceSet }) {
  const typed = usePreferences(state => state.search)
  const openCard = useApp(state => state.openCard)
  const [search] = useDebouncedValue(typed, 250)
  const found = useSparseRows<PreferencePrompt>(JSON.stringify([set.id, search]), (offset, limit) =>
    call('preferences.prompts', { set: set.id, ...(search ? { search } : {}), offset, limit }),
  )
  // Behind the bench nobody sees the table, and its pages would stand in the way of the next card.
  const ranking = useApp(state => state.bench !== null)
  const stale = useRef(false)
  const { refresh } = found
  useTopic('changed', ({ what }) => {
    if (what !== 'preferences') return
    stale.current = ranking
    if (!ranking) refresh()
  })
  useEffect(() => {
    if (ranking || !stale.current) return
    stale.current = false
    refresh()
  }, [ranking, refresh])
  const columns = useMemo(
    (): readonly Column<PreferencePrompt | undefined>[] => [
      {
        key: 'number',
        header: 'No.',
        width: '60px',
        align: 'right',
        cell: row => (row ? promptName(row.number) : WAITING),
      },
      {
        key: 'prompt',
        header: <Term meaning="Of a conversation in several turns, the last message.">Prompt</Term>,
        width: 'minmax(200px, 1.2fr)',
        cell: row => row && <OneLine text={row.messages.at(-1)?.content ?? ''} />,
      },
      {
        key: 'best',
        header: <Term meaning="What the latest ranking puts first.">Best answer</Term>,
        width: 'minmax(200px, 1.2fr)',
        cell: row => {
          const best = row && bestResponse(row)
          return best === undefined ? row && NONE : <OneLine text={best} />
        },
      },
      {
        key: 'answers',
        header: <Term meaning="Different answers; equal ones are counted once.">Answers</Term>,
        width: '80px',
        align: 'right',
        cell: row => row && formatCount(row.responses.length),
      },
      {
        key: 'standing',
        header: 'Judgement',
        width: 'minmax(140px, 0.8fr)',
        cell: row => row && <span title={promptStanding(row)}>{promptStanding(row)}</span>,
      },
      {
        key: 'actions',
        header: <span className="visually-hidden">Actions</span>,
        width: '40px',
        align: 'right',
        cell: row =>
          row &&
          set.kind !== 'chat' && (
            <Tooltip label="Delete, with undo">
              <ActionIcon
                size="sm"
                aria-label={`Delete prompt ${promptName(row.number)}`}
                onClick={event => {
                  event.stopPropagation()
                  void removePrompt(set.id, row.number).catch(toastError)
                }}
              >
                <Trash2 size={13} />
              </ActionIcon>
            </Tooltip>
          ),
      },
    ],
    [set],
  )
  if (set.prompts === 0)
    return (
      <EmptyState title={set.kind === 'chat' ? 'No votes yet' : 'No prompt in this set'}>
        {set.kind === 'chat'
          ? 'Ask two models the same in the Chat tab and say which answer is better: each vote stands here as a comparison.'
          : 'Everything was deleted, or nothing could be read.'}
      </EmptyState>
    )
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <TextInput
          aria-label="Search the prompts"
          placeholder="Search prompts and answers"
          w={240}
          value={typed}
          onChange={event => setSearch(event.currentTarget.value)}
        />
        {typed !== '' && (
          <Button size="compact-xs" variant="subtle" onClick={() => setSearch('')}>
            Show all
          </Button>
        )}
        <Text fz="xs" c="dimmed" role="status" className="tabular">
          {found.total === null
            ? 'Reading …'
            : search
              ? `${formatCount(found.total)} of ${formatCounted(set.prompts, 'prompt')}`
              : formatCounted(found.total, 'prompt')}
        </Text>
        {set.kind !== 'chat' && (
          <Text fz="xs" c="dimmed">
            A click opens a prompt on the bench, to mend its label.
          </Text>
        )}
      </Group>
      <ErrorNote error={found.error} retry={{ label: 'Try again', run: found.refresh }} />
      <VirtualTable
        label="Prompts"
        columns={columns}
        rows={found.rows}
        rowKey={(row, index) => (row ? String(row.number) : `waiting ${index}`)}
        height={380}
        onRange={found.show}
        onRowClick={
          set.kind === 'chat' ? undefined : row => canOpen(set, row) && openCard(set.id, row.number)
        }
        empty={
          <Text fz="sm" c="dimmed" p="sm">
            {search ? 'No prompt has these words.' : 'Nothing is here yet.'}
          </Text>
        }
      />
    </Stack>
  )
}
