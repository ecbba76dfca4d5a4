// A screen with nothing on it yet: says what belongs here, and offers the next step as a button that does it.
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ActionButton } from './action-button.tsx'

export interface EmptyStateProps {
  title: string
  children?: ReactNode
  action?: { label: string; run: () => void; disabledReason?: string | null; busy?: boolean }
  second?: { label: string; run: () => void; disabledReason?: string | null }
}

export function EmptyState({ title, children, action, second }: EmptyStateProps) {
  return (
    <Stack align="center" justify="center" gap={6} p="lg" ta="center" mih={120}>
      <Text fw={600}>{title}</Text>
      {children && (
        <Text c="dimmed" fz="sm" maw={460} component="div">
          {children}
        </Text>
      )}
      {(action || second) && (
        <div style={{ display: 'flex', gap: 8, marginTop: 6 }}>
          {action && (
            <ActionButton onClick={action.run} loading={action.busy} disabledReason={action.disabledReason}>
              {action.label}
            </ActionButton>
          )}
          {second && (
            <ActionButton variant="default" onClick={second.run} disabledReason={second.disabledReason}>
              {second.label}
            </ActionButton>
          )}
        </div>
      )}
    </Stack>
  )
}
