// Short messages in the corner. Deleting shows a toast with undo in place of a question beforehand.
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { sentence, toFacts } from '../../../src-shared/contract/errors.ts'
import { visible } from './plain-text.tsx'

const colors = { info: 'indigo', success: 'teal', warning: 'amber', error: 'red' } as const
export type ToastKind = keyof typeof colors

export function toast(kind: ToastKind, text: string, action?: { label: string; run: () => void }): void {
  const id = notifications.show({
    color: colors[kind],
    withBorder: true,
    autoClose: kind === 'error' ? false : 6000,
    role: kind === 'error' ? 'alert' : 'status',
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text fz="sm">{visible(text)}</Text>
        {action && (
          <Button
            size="compact-xs"
            variant="default"
            style={{ flex: 'none' }}
            onClick={() => {
              notifications.hide(id)
              action.run()
            }}
          >
            {action.label}
          </Button>
        )}
      </Group>
    ),
  })
}

export const toastError = (error: unknown): void => toast('error', sentence(toFacts(error)))

/** Says what was done and offers to take it back. */
export function toastUndo(text: string, undo: () => Promise<unknown>): void {
  toast('info', text, { label: 'Undo', run: () => void undo().catch(toastError) })
}
