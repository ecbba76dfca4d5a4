// The window: rail, screen, status bar; over them the drop zone, the palette, toasts and the connection's state.
import { MantineProvider, useMantineColorScheme } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { useApp, useSettings } from './app-state.ts'
import { ScreenBoundary } from './components/screen-boundary.tsx'
import { type ToastKind, toast } from './components/toast.tsx'
import { ConnectionBanner } from './frame/connection-banner.tsx'
import { DropZone } from './frame/drop-zone.tsx'
import classes from './frame/frame.module.css'
import { JobDock } from './frame/job-dock.tsx'
import { Keyboard } from './frame/keyboard.tsx'
import { Rail } from './frame/rail.tsx'
import { StatusBar } from './frame/status-bar.tsx'
import { useConnection } from './lab.ts'
import { useQuery, useTopic } from './queries.ts'
import { tabs } from './tabs.tsx'
import { cssVariables, theme } from './theme.ts'

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} containerWidth={380} className={classes.toasts} />
      <Window />
    </MantineProvider>
  )
}

function Window() {
  useRestoredTab()
  useAppliedSettings()
  useTopic('notice', ({ kind, text, run }) => {
    const open = run === null ? undefined : { label: 'Show run', run: () => useApp.getState().showRun(run) }
    toast(kind satisfies ToastKind, text, open)
  })
  const tab = useApp(state => state.tab)
  const { id, screen: Screen, title } = tabs.find(each => each.id === tab) ?? tabs[0]!
  const connected = useConnection(connection => connection.state !== 'connecting')
  return (
    <div className={classes.window}>
      <ConnectionBanner />
      <Rail />
      <main className={classes.screen} aria-label={title} key={id}>
        {connected && (
          <ScreenBoundary>
            <Screen />
          </ScreenBoundary>
        )}
      </main>
      <StatusBar />
      <JobDock />
      <DropZone />
      <Keyboard />
    </div>
  )
}

/** Opens on the tab where the person left, once the settings have come. */
function useRestoredTab(): void {
  const { data } = useQuery('settings.all', {})
  const [restored, setRestored] = useState(false)
  useEffect(() => {
    if (!data || restored) return
    setRestored(true)
    const tab = data['ui.tab']
    if (useApp.getState().tab === 'overview' && tabs.some(each => each.id === tab))
      useApp.setState({ tab: tab as string })
  }, [data, restored])
}

function useAppliedSettings(): void {
  const settings = useSettings()
  const { setColorScheme } = useMantineColorScheme()
  const colorScheme = settings['ui.theme']
  const reducedBySystem = useReducedMotion()
  const reduced = settings['ui.reducedMotion'] || reducedBySystem
  useEffect(() => setColorScheme(colorScheme), [colorScheme, setColorScheme])
  useEffect(() => {
    document.documentElement.toggleAttribute('data-reduced-motion', reduced)
  }, [reduced])
}
