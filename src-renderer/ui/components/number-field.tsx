// A number as people in this field write it: 2000, 0.0003, 3e-4. What cannot be read stays as typed and is handed on as
// text, so that it fails its field's check; nothing is put in its place.
import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'

/** The number that `text` spells; null when it spells none. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim().replace('−', '-')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : null
}

export interface NumberFieldProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** A number, or the text that could not be read as one. */
  value: number | string
  onChange: (value: number | string) => void
  unit?: string
}

export function NumberField({ value, onChange, unit, ...rest }: NumberFieldProps) {
  const [typed, setTyped] = useState(String(value))
  // What is being typed stands as long as it means the value: `0.0` on the way to `0.0003`, `3e-4` for ever.
  const text = typeof value === 'number' && parseNumber(typed) === value ? typed : String(value)
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      {...rest}
      value={text}
      onChange={event => {
        const next = event.currentTarget.value
        setTyped(next)
        onChange(parseNumber(next) ?? next)
      }}
      {...(unit && {
        rightSection: <span style={unitStyle}>{unit}</span>,
        rightSectionWidth: unit.length * 6.5 + 14,
        rightSectionPointerEvents: 'none' as const,
      })}
    />
  )
}

const unitStyle = {
  paddingRight: 8,
  fontSize: 'var(--mantine-font-size-xs)',
  color: 'var(--mantine-color-dimmed)',
  whiteSpace: 'nowrap',
} as const
