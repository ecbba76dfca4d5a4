// What every model is told before the first message, folded away while there is nothing to read in it.
import { Textarea, UnstyledButton } from '@mantine/core'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, useState } from 'react'
import { visible } from '../../components/plain-text.tsx'
import classes from './chat.module.css'

export const SystemPrompt = memo(function SystemPrompt({
  value,
  onChange,
}: {
  value: string
  onChange: (system: string) => void
}) {
  const [open, setOpen] = useState(false)
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <div style={{ flex: '1 1 200px', minWidth: 0 }}>
      <UnstyledButton
        fz="xs"
        c="dimmed"
        aria-expanded={open}
        className={classes.columnLine}
        w="100%"
        onClick={() => setOpen(!open)}
      >
        <Chevron size={14} aria-hidden />
        <span style={{ fontWeight: 600, whiteSpace: 'nowrap' }}>System prompt</span>
        <bdi className={classes.oneLine}>
          {open ? '' : value.trim() === '' ? 'none' : visible(value.replaceAll('\n', ' '))}
        </bdi>
      </UnstyledButton>
      {open && (
        <Textarea
          mt={4}
          aria-label="System prompt"
          description="Stands before the first message, for every model. Small models follow it only where they were trained on some."
          autosize
          minRows={1}
          maxRows={6}
          maxLength={100_000}
          value={value}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  )
})
