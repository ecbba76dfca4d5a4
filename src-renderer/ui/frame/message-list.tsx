// The bell: warnings and errors whose toasts are gone. Escape takes away the toasts that are up.
import { ActionIcon, Indicator, Popover, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { Bell } from 'lucide-react'
import { visible } from '../components/plain-text.tsx'
import { useMessages } from '../components/toast.tsx'
import { formatCounted, formatMoment } from '../format.ts'

export function MessageList() {
  const { messages, unread } = useMessages()
  useWindowEvent('keydown', event => {
    if (event.key === 'Escape') notifications.clean()
  })
  if (messages.length === 0) return null
  const name = `Messages: ${formatCounted(unread, 'new one')}`
  return (
    <Popover
      position="top-end"
      width={420}
      withArrow
      trapFocus
      returnFocus
      onOpen={() => {
        useMessages.setState({ unread: 0 })
        notifications.clean()
      }}
    >
      <Indicator ml="auto" size={7} color="red" disabled={unread === 0}>
        <Popover.Target>
          <ActionIcon size="sm" aria-label={name} title={name}>
            <Bell size={14} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown mah={360} style={{ overflow: 'auto' }} tabIndex={0}>
        {messages.map(({ kind, text, at }) => (
          <div key={`${at} ${text}`} style={{ marginBottom: 8, whiteSpace: 'normal' }}>
            <Text fz="xs" c="dimmed">
              {formatMoment(at)} · {kind}
            </Text>
            <Text fz="sm">{visible(text)}</Text>
          </div>
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}
