// A name being changed in its place: Enter and leaving save, Esc does not.
import { TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { PlainText, visible } from './plain-text.tsx'
import { toastError } from './toast.tsx'

export function RenameField({
  label,
  name,
  rename,
  onDone,
}: {
  /** For who hears the screen. */
  label: string
  name: string
  rename: (name: string) => Promise<unknown>
  onDone: () => void
}) {
  const [wanted, setWanted] = useState(name)
  const over = useRef(false)
  const end = (keep: boolean) => {
    // Leaving the field after Enter or Esc is no second time.
    if (over.current) return
    over.current = true
    onDone()
    const trimmed = wanted.trim()
    if (keep && trimmed !== '' && trimmed !== name) void rename(trimmed).catch(toastError)
  }
  return (
    <TextInput
      aria-label={label}
      size="xs"
      flex={1}
      maxLength={120}
      value={wanted}
      autoFocus
      onFocus={event => event.currentTarget.select()}
      onClick={event => event.stopPropagation()}
      onChange={event => setWanted(event.currentTarget.value)}
      onBlur={() => end(true)}
      onKeyDown={event => {
        if (event.key === 'Enter') end(true)
        else if (event.key === 'Escape') {
          event.stopPropagation()
          end(false)
        }
      }}
    />
  )
}

/** A name in a table, or the field in its place while it is being changed. */
export function NameCell({
  name,
  renaming,
  rename,
  onDone,
}: {
  name: string
  renaming: boolean
  rename: (name: string) => Promise<unknown>
  onDone: () => void
}) {
  return renaming ? (
    <RenameField label={`New name of ${visible(name)}`} name={name} rename={rename} onDone={onDone} />
  ) : (
    <span title={visible(name)}>
      <PlainText text={name} />
    </span>
  )
}
