// One share of the mixture as a number: taken when it is finished; what is no number gives the old one back.
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { parseNumber } from '../../../components/number-field.tsx'

export function ShareField({
  label,
  shown,
  onShare,
}: {
  label: string
  /** The share as it stands: `33.3`, `<0.1`. */
  shown: string
  /** 0–1. */
  onShare: (share: number) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const take = () => {
    setTyped(null)
    const percent = typed === null || typed === shown ? null : parseNumber(typed)
    if (percent !== null && percent >= 0 && percent <= 100) onShare(percent / 100)
  }
  return (
    <TextInput
      aria-label={label}
      size="xs"
      w={56}
      inputMode="decimal"
      autoComplete="off"
      value={typed ?? shown}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={event => {
        if (event.key === 'Enter') take()
        else if (event.key === 'Escape' && typed !== null) {
          event.stopPropagation()
          setTyped(null)
        }
      }}
    />
  )
}
