// Binds the table of keys.ts, and draws what two of them open: the palette and the list of keys.
import { Kbd, Modal, Table } from '@mantine/core'
import { useHotkeys, useOs } from '@mantine/hooks'
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight'
import { useState } from 'react'
import { setSetting, useApp } from '../app-state.ts'
import { visible } from '../components/plain-text.tsx'
import { toastError } from '../components/toast.tsx'
import { formatPercent } from '../format.ts'
import { importFiles, pickFiles } from '../import-drop.ts'
import { phaseOf } from '../phases.ts'
import { useQuery } from '../queries.ts'
import { runState } from '../run-status.ts'
import { tabs } from '../tabs.tsx'
import { type KeyAction, keyMap, screenKeys, spellKeys, typingTags } from './keys.ts'
import { pauseOrResume, runAtWork } from './status-bar.tsx'

const keys = keyMap(tabs.map(tab => tab.title))

export function Keyboard() {
  const [listOpen, setListOpen] = useState(false)
  const mac = useOs() === 'macos'
  const { show, newRun, showRun, importDemonstrations, importPreferences } = useApp()
  const runs = useQuery('runs.list', {}).data ?? []
  const current = runAtWork(runs)

  const act = (action: KeyAction): void => {
    if (action === 'palette') spotlight.toggle()
    else if (action === 'keys') setListOpen(open => !open)
    else if (action === 'new-run') newRun()
    else if (action === 'pause') {
      if (current) void pauseOrResume(current).catch(toastError)
    } else if (action === 'close') showRun(null)
    else show(tabs[Number(action.slice('tab-'.length))]!.id)
  }
  const bound = (whileTyping: boolean) =>
    keys
      .filter(key => key.whileTyping === whileTyping)
      .map(key => [key.keys, () => act(key.action)] as [string, () => void])
  useHotkeys(bound(true), [])
  useHotkeys(bound(false), typingTags)

  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Tabs',
      actions: tabs.map(tab => ({ id: `tab-${tab.id}`, label: tab.title, onClick: () => show(tab.id) })),
    },
    {
      group: 'Actions',
      actions: [
        { id: 'new-run', label: 'New run', onClick: newRun },
        { id: 'import', label: 'Import text files…', onClick: () => void pickFiles().then(importFiles) },
        {
          id: 'import-demonstrations',
          label: 'Import demonstrations…',
          onClick: () => void pickFiles().then(importDemonstrations),
        },
        {
          id: 'import-preferences',
          label: 'Import rankings…',
          onClick: () => void pickFiles().then(importPreferences),
        },
        ...(current
          ? [
              {
                id: 'pause',
                label: `${current.status === 'running' ? 'Pause' : 'Resume'} ${visible(current.name)}`,
                onClick: () => act('pause'),
              },
            ]
          : []),
        { id: 'light', label: 'Light theme', onClick: () => void setSetting('ui.theme', 'light') },
        { id: 'dark', label: 'Dark theme', onClick: () => void setSetting('ui.theme', 'dark') },
        { id: 'keys', label: 'List of keys', onClick: () => setListOpen(true) },
      ],
    },
    {
      group: 'Runs',
      actions: runs
        .filter(run => run.removedAt === null)
        .map(run => ({
          id: `run-${run.id}`,
          label: visible(run.name),
          description: `${phaseOf(run.phase).title} · ${runState(run).word} · ${formatPercent(run.step / Math.max(1, run.steps))}`,
          onClick: () => showRun(run.id),
        })),
    },
  ]
  return (
    <>
      <Spotlight
        actions={groups}
        shortcut={null}
        limit={30}
        nothingFound="Nothing by that name"
        searchProps={{ placeholder: 'Find a tab, an action or a run', 'aria-label': 'Find' }}
      />
      <Modal
        opened={listOpen}
        onClose={() => setListOpen(false)}
        title="Keys"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Table>
          <Table.Tbody>
            {[...keys, ...screenKeys].map(key => (
              <Table.Tr key={key.keys}>
                <Table.Td w={120}>
                  <Kbd>{spellKeys(key.keys, mac)}</Kbd>
                </Table.Td>
                <Table.Td>{key.does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  )
}
