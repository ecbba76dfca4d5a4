// Look, charts, where everything lies, and what this app is.
import { Group, SegmentedControl, Slider, Switch, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { setSetting, type UiSettings, useSettings } from '../../app-state.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { Facts, Panel, Screen } from '../../components/panel.tsx'
import { visible } from '../../components/plain-text.tsx'
import { formatBytes } from '../../format.ts'
import { useQuery } from '../../queries.ts'
import classes from './settings.module.css'

/** Below this a checkpoint of a middling model may not fit. */
const LITTLE_SPACE = 2e9

export function SettingsTab() {
  const settings = useSettings()
  const workspace = useQuery('workspace.show', {})
  return (
    <Screen title="Settings">
      <div className={classes.columns}>
        <Panel title="Look">
          <Row name="Theme">
            <SegmentedControl
              aria-label="Theme"
              value={settings['ui.theme']}
              onChange={value => void setSetting('ui.theme', value as UiSettings['ui.theme'])}
              data={[
                { value: 'auto', label: 'As the system' },
                { value: 'light', label: 'Light' },
                { value: 'dark', label: 'Dark' },
              ]}
            />
          </Row>
          <Row name="Reduced motion">
            <Switch
              aria-label="Reduced motion"
              checked={settings['ui.reducedMotion']}
              onChange={event => void setSetting('ui.reducedMotion', event.currentTarget.checked)}
            />
          </Row>
        </Panel>
        <Panel title="Charts">
          <Row name="Smoothing at first">
            <Slider
              w={180}
              min={0}
              max={0.99}
              step={0.01}
              label={null}
              thumbLabel="Smoothing at first"
              value={settings['ui.smoothing']}
              onChange={value => void setSetting('ui.smoothing', value)}
            />
            <Text fz="sm" className="tabular">
              {settings['ui.smoothing'].toFixed(2)}
            </Text>
          </Row>
          <Text fz="xs" c="dimmed">
            Weight of the debiased moving average; 0 draws the values as measured. Every chart can change it.
          </Text>
        </Panel>
        <Panel title="Workspace">
          <ErrorNote error={workspace.error} />
          {workspace.data && (
            <>
              <Facts
                facts={[
                  { name: 'Folder', value: <span className="mono">{visible(workspace.data.path)}</span> },
                  {
                    name: 'Free space',
                    value: (
                      <Text fz="sm" c={workspace.data.freeBytes < LITTLE_SPACE ? 'red' : undefined}>
                        {formatBytes(workspace.data.freeBytes)}
                        {workspace.data.freeBytes < LITTLE_SPACE && ': free some before a long run'}
                      </Text>
                    ),
                  },
                ]}
              />
              <Text fz="xs" c="dimmed">
                Corpora, tokenizers and checkpoints are plain files in this folder; copying it copies the lab.
              </Text>
              {workspace.data.notes.map(note => (
                <Text key={note} fz="xs" mt={4}>
                  {visible(note)}
                </Text>
              ))}
            </>
          )}
        </Panel>
        <Panel title="About">
          <Facts
            facts={[
              { name: 'Andromeda', value: workspace.data?.version ?? '' },
              { name: 'Runs as', value: workspace.data ? hosts[workspace.data.host] : '' },
              { name: 'Licence', value: 'MIT' },
            ]}
          />
          <Text fz="sm" mt={6}>
            Everything happens on this device. The app opens no connection to the outside: your text, your
            models and what you ask them stay here.
          </Text>
        </Panel>
      </div>
    </Screen>
  )
}

const hosts = {
  desktop: 'desktop app',
  browser: 'page of this machine’s own server',
  terminal: 'command line',
} as const

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="md" mih={34}>
      <Text fz="sm">{name}</Text>
      <Group gap="sm">{children}</Group>
    </Group>
  )
}
