// The rail: every tab, the phases as the road that they are.
import { UnstyledButton } from '@mantine/core'
import { useApp } from '../app-state.ts'
import { phaseColor, phases } from '../phases.ts'
import { type Tab, tabs } from '../tabs.tsx'
import classes from './frame.module.css'

export function Rail() {
  return (
    <nav className={classes.rail} aria-label="Tabs">
      <div className={classes.brand}>Andromeda</div>
      {tabs
        .filter(tab => tab.group === 'start')
        .map(tab => (
          <RailTab key={tab.id} tab={tab} />
        ))}
      <div className={classes.group}>Pipeline</div>
      {tabs
        .filter(tab => tab.group === 'pipeline')
        .map(tab => (
          <RailTab key={tab.id} tab={tab} />
        ))}
      <div className={classes.group}>Lab</div>
      {tabs
        .filter(tab => tab.group === 'lab')
        .map(tab => (
          <RailTab key={tab.id} tab={tab} />
        ))}
    </nav>
  )
}

function RailTab({ tab }: { tab: Tab }) {
  const current = useApp(state => state.tab === tab.id)
  const show = useApp(state => state.show)
  const phase = phases.find(each => each.id === tab.phase)
  const color = phase && phaseColor(phase.id)
  const place = tabs.indexOf(tab) + 1
  return (
    <UnstyledButton
      className={classes.tab}
      aria-current={current ? 'page' : undefined}
      aria-keyshortcuts={`Control+${place}`}
      title={`${tab.title} (Ctrl+${place})`}
      style={current ? { borderLeftColor: color ?? 'var(--mantine-primary-color-filled)' } : undefined}
      onClick={() => show(tab.id)}
    >
      {phase ? (
        <span className={classes.number} style={{ color }}>
          {phase.number}
        </span>
      ) : (
        <tab.icon size={16} strokeWidth={1.75} aria-hidden />
      )}
      <span className={classes.label}>{tab.title}</span>
    </UnstyledButton>
  )
}
