// An error where it arose: one sentence with the fix; the facts fold out; "copy" gives text fit for a bug report.
import { Alert, Button, Code, CopyButton, Group, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { type LabErrorFacts, sentence } from '../../../src-shared/contract/errors.ts'
import { PlainText, visible } from './plain-text.tsx'

/** What "copy" puts on the clipboard. */
export function bugReport(facts: LabErrorFacts): string {
  const { code, what, where, expected, got, fix, details } = facts
  const lines = Object.entries({ code, what, where, expected, got, fix }).filter(([, value]) => value)
  return [...lines.map(([key, value]) => `${key}: ${value}`), ...(details ? ['', details] : [])].join('\n')
}

export interface ErrorNoteProps {
  error: LabErrorFacts | null
  /** Shown as a button beside the sentence: `Try again`. */
  retry?: { label: string; run: () => void }
  onClose?: () => void
}

export function ErrorNote({ error, retry, onClose }: ErrorNoteProps) {
  const [open, setOpen] = useState(false)
  if (!error) return null
  const text = sentence(error)
  return (
    <Alert
      role="alert"
      color={error.code === 'cancelled' ? 'gray' : 'red'}
      variant="light"
      p="xs"
      withCloseButton={onClose !== undefined}
      closeButtonLabel="Close this message"
      onClose={onClose}
    >
      <PlainText text={text[0]!.toUpperCase() + text.slice(1)} />
      <Group gap="xs" mt={6}>
        {retry && (
          <Button size="compact-xs" variant="default" onClick={retry.run}>
            {retry.label}
          </Button>
        )}
        {error.details && (
          <UnstyledButton
            fz="xs"
            c="dimmed"
            td="underline"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide details' : 'Details'}
          </UnstyledButton>
        )}
        <CopyButton value={bugReport(error)}>
          {({ copied, copy }) => (
            <UnstyledButton fz="xs" c="dimmed" td="underline" onClick={copy}>
              {copied ? 'Copied' : 'Copy for a bug report'}
            </UnstyledButton>
          )}
        </CopyButton>
      </Group>
      {open && error.details && (
        <Code block mt={6} fz="xs" mah={240} style={{ overflow: 'auto' }}>
          {visible(error.details)}
        </Code>
      )}
    </Alert>
  )
}
