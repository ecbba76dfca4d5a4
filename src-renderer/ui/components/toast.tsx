// Short messages in the corner. Deleting shows a toast with undo in place of a question beforehand. The same message
// never stands there twice; what was shown stays in a list, for those who were looking elsewhere.
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { create } from 'zustand'
import { sentence, toFacts } from '../../../src-shared/contract/errors.ts'
import { visible } from './plain-text.tsx'

const colors = { info: 'indigo', success: 'teal', warning: 'amber', error: 'red' } as const
export type ToastKind = keyof typeof colors

const SHOWN_MS = 6000
/** Time to read an error, or to see that the wrong thing was removed. */
const ERROR_MS = 30_000
const UNDO_MS = 20_000
const KEPT = 30

export interface Message {
  readonly kind: ToastKind
  readonly text: string
  readonly at: string
}
/** Warnings and errors of this window, newest first. */
export const useMessages = create<{ messages: readonly Message[]; unread: number }>(() => ({
  messages: [],
  unread: 0,
}))

/** The list with one more message; the same one again moves to the top. */
export const withMessage = (messages: readonly Message[], message: Message): readonly Message[] =>
  [message, ...messages.filter(other => other.text !== message.text)].slice(0, KEPT)

interface ToastOptions {
  action?: { label: string; run: () => void }
  shownMs?: number
  /** Toasts of one subject take each other's place. */
  subject?: string
}

export function toast(kind: ToastKind, text: string, action?: ToastOptions['action']): void {
  show(kind, text, { action })
}

/** A toast that takes the place of the one before it on the same subject: `Tokenizing: 3 of 7 done`. */
export const toastAbout = (subject: string, kind: ToastKind, text: string): void =>
  show(kind, text, { subject })

function show(kind: ToastKind, text: string, { action, shownMs, subject }: ToastOptions): void {
  const id = subject ?? `${kind} ${text}`
  if (kind === 'error' || kind === 'warning')
    useMessages.setState(({ messages, unread }) => ({
      messages: withMessage(messages, { kind, text, at: new Date().toISOString() }),
      unread: unread + 1,
    }))
  // Shown anew, its time starts again.
  notifications.hide(id)
  notifications.show({
    id,
    color: colors[kind],
    withBorder: true,
    autoClose: shownMs ?? (kind === 'error' ? ERROR_MS : SHOWN_MS),
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

/** `61 rows written to /…/demos.jsonl`, with the path to copy. */
export const toastWritten = (what: string, path: string): void =>
  toast('success', `${what} written to ${path}`, {
    label: 'Copy path',
    run: () => void navigator.clipboard.writeText(path).catch(toastError),
  })

/** Says what was done and offers to take it back. */
export function toastUndo(text: string, undo: () => Promise<unknown>): void {
  const action = { label: 'Undo', run: () => void undo().catch(toastError) }
  show('info', text, { action, shownMs: UNDO_MS })
}
