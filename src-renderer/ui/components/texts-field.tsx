// A list of short texts, one per line. `\n` stands for a line break inside a text and `\\` for a backslash.
import { Textarea, type TextareaProps } from '@mantine/core'
import { useState } from 'react'

/** The round trip through `textsFromLines` is exact for any texts. */
export const linesFromTexts = (texts: readonly string[]): string =>
  texts.map(text => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n')

export const textsFromLines = (lines: string): string[] =>
  lines.split('\n').map(line => line.replace(/\\(\\|n)/g, (_, char: string) => (char === 'n' ? '\n' : '\\')))

export interface TextsFieldProps extends Omit<TextareaProps, 'value' | 'onChange'> {
  value: readonly string[]
  onChange: (texts: string[]) => void
}

export function TextsField({ value, onChange, ...rest }: TextsFieldProps) {
  const [typed, setTyped] = useState(() => linesFromTexts(value))
  // A backslash on the way to `\n` must not be doubled under the person's fingers.
  const meansValue = JSON.stringify(textsFromLines(typed)) === JSON.stringify(value)
  return (
    <Textarea
      description="one per line; \n stands for a line break"
      autosize
      minRows={2}
      maxRows={8}
      {...rest}
      value={meansValue ? typed : linesFromTexts(value)}
      onChange={event => {
        setTyped(event.currentTarget.value)
        onChange(textsFromLines(event.currentTarget.value))
      }}
    />
  )
}
