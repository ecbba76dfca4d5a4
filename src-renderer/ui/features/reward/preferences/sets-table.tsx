// The sets of preferences: ticked to be trained on, ranked on, sampled on, renamed, exported, simulated, removed.
import { ActionIcon, Checkbox, Group, Menu, Tooltip } from '@mantine/core'
import { Ellipsis, ListOrdered, Pencil } from 'lucide-react'
import { useState } from 'react'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { useApp } from '../../../app-state.ts'
import { visible } from '../../../components/plain-text.tsx'
import { NameCell } from '../../../components/rename-field.tsx'
import { Term } from '../../../components/term.tsx'
import { toastError, toastWritten } from '../../../components/toast.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCount, formatCounted, NONE } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { openSimulate, removeSet, sampleOn } from './preferences-store.ts'
import { inListOrder, kindWords, labelersText } from './set-words.ts'

async function exportSet(set: PreferenceSet, format: 'rankings' | 'trl'): Promise<void> {
  const { path, lines } = await call('preferences.export', { sets: [set.id], format })
  toastWritten(formatCounted(lines, format === 'trl' ? 'pair' : 'prompt'), path)
}

export interface Selection {
  /** Ids of the sets that the next run is to be trained on. */
  readonly selected: readonly string[]
  readonly onSelect: (sets: readonly string[]) => void
}

export const toggled = (selected: readonly string[], set: string, on: boolean): readonly string[] =>
  on ? [...selected.filter(each => each !== set), set] : selected.filter(each => each !== set)

export function SetsTable({
  sets,
  chosen,
  onChoose,
  selected,
  onSelect,
}: Selection & {
  sets: readonly PreferenceSet[]
  chosen: string
  onChoose: (set: string) => void
}) {
  const [renaming, setRenaming] = useState<string | null>(null)
  const count = (key: 'ranked' | 'pairs' | 'ties', header: string, width: string, meaning: string) =>
    ({
      key,
      header: <Term meaning={meaning}>{header}</Term>,
      width,
      align: 'right',
      cell: (set: PreferenceSet) => formatCount(set[key]),
    }) as const
  const columns: readonly Column<PreferenceSet>[] = [
    {
      key: 'use',
      header: <Term meaning="Ticked sets are what the next reward model is trained on.">Use</Term>,
      width: '42px',
      cell: set => (
        <Checkbox
          aria-label={`Train on ${visible(set.name)}`}
          color="amber"
          checked={selected.includes(set.id)}
          onClick={event => event.stopPropagation()}
          onChange={event => onSelect(toggled(selected, set.id, event.currentTarget.checked))}
        />
      ),
    },
    {
      key: 'name',
      header: 'Set',
      width: 'minmax(100px, 1.2fr)',
      cell: set => (
        <NameCell
          name={set.name}
          renaming={renaming === set.id}
          rename={name => call('preferences.rename', { set: set.id, name })}
          onDone={() => setRenaming(null)}
        />
      ),
    },
    { key: 'kind', header: 'Kind', width: '74px', cell: set => kindWords[set.kind] },
    {
      key: 'prompts',
      header: (
        <Term meaning="What is asked, each with two or more answers; while it is being sampled: how many have theirs.">
          Prompts
        </Term>
      ),
      width: '96px',
      align: 'right',
      cell: set =>
        set.sampled < set.prompts
          ? `${formatCount(set.sampled)} of ${formatCount(set.prompts)}`
          : formatCount(set.prompts),
    },
    count('ranked', 'Ranked', '62px', 'Prompts with at least one ranking.'),
    count(
      'pairs',
      'Pairs',
      '62px',
      'Comparisons of two answers that the rankings decide: C(K,2) of K answers.',
    ),
    count('ties', 'Ties', '54px', 'Answers ranked equal: they say nothing and are not trained on.'),
    {
      key: 'contradictions',
      header: (
        <Term meaning="The same two answers to the same prompt, judged both ways round.">Contradictions</Term>
      ),
      width: '108px',
      align: 'right',
      cell: set => formatCount(set.contradictions),
    },
    {
      key: 'labelers',
      header: <Term meaning="Who ranked, and how many prompts.">Labelers</Term>,
      width: 'minmax(88px, 1fr)',
      cell: set => {
        const text = labelersText(set)
        return text === '' ? NONE : <bdi title={text}>{text}</bdi>
      },
    },
    {
      key: 'actions',
      header: <span className="visually-hidden">Actions</span>,
      width: '86px',
      align: 'right',
      cell: set => <Actions set={set} onRename={() => setRenaming(set.id)} />,
    },
  ]
  return (
    <VirtualTable
      label="Sets of rankings"
      columns={columns}
      rows={inListOrder(sets)}
      rowKey={set => set.id}
      height={220}
      selected={set => set.id === chosen}
      onRowClick={set => onChoose(set.id)}
    />
  )
}

function Actions({ set, onRename }: { set: PreferenceSet; onRename: () => void }) {
  const openBench = useApp(state => state.openBench)
  const own = set.kind !== 'chat'
  const act = (what: Promise<unknown>) => void what.catch(toastError)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click on a button here is none on the row
    // biome-ignore lint/a11y/useKeyWithClickEvents: likewise
    <div onClick={event => event.stopPropagation()}>
      <Group gap={2} wrap="nowrap" justify="flex-end">
        {own && (
          <Tooltip label="Rank">
            <ActionIcon size="sm" aria-label={`Rank: ${visible(set.name)}`} onClick={() => openBench(set.id)}>
              <ListOrdered size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        {own && (
          <Tooltip label="Rename">
            <ActionIcon size="sm" aria-label={`Rename: ${visible(set.name)}`} onClick={onRename}>
              <Pencil size={13} />
            </ActionIcon>
          </Tooltip>
        )}
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon size="sm" aria-label={`More: ${visible(set.name)}`}>
              <Ellipsis size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {own && set.sampled < set.prompts && (
              <Menu.Item onClick={() => act(sampleOn(set.id))}>Go on sampling</Menu.Item>
            )}
            {own && (
              <Menu.Item onClick={() => openSimulate(set.id)}>Let a simulated labeler rank …</Menu.Item>
            )}
            <Menu.Item onClick={() => act(exportSet(set, 'rankings'))}>
              Export rankings (JSON lines)
            </Menu.Item>
            <Menu.Item onClick={() => act(exportSet(set, 'trl'))}>Export pairs for TRL</Menu.Item>
            {own && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => act(removeSet(set))}>Remove, with undo</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </Group>
    </div>
  )
}
