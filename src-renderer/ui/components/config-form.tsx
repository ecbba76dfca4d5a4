// A form made from a Fields table (src-shared/config/field.ts): label, unit, meaning on hover, an error at its field.
// Basic fields are always shown, advanced ones fold out. What a person typed stays, even where it is wrong.
import { Checkbox, NumberInput, Select, SimpleGrid, Textarea, TextInput, UnstyledButton } from '@mantine/core'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import * as v from 'valibot'
import type { Field, Fields } from '../../../src-shared/config/field.ts'
import { Term } from './term.tsx'

/** What the form holds: only the fields that differ from their default need to be there. */
export type ConfigValues = Readonly<Record<string, unknown>>

/** The message per field that cannot be accepted; empty = the form is good. */
export function configErrors(fields: Fields, values: ConfigValues): Record<string, string> {
  const wrong = Object.entries(fields).flatMap(([key, field]) => {
    if (!Object.hasOwn(values, key)) return []
    const parsed = v.safeParse(field.schema, values[key])
    return parsed.success ? [] : [[key, wordedFor(values[key], parsed.issues[0].message)] as const]
  })
  return Object.fromEntries(wrong)
}
const wordedFor = (value: unknown, message: string): string => (value === '' ? 'a number is needed' : message)

export interface ConfigFormProps {
  fields: Fields
  values: ConfigValues
  onChange: (values: ConfigValues) => void
  /** Errors found elsewhere (an estimate, the core), by key; the field's own come first. */
  errors?: Readonly<Record<string, string>>
  disabled?: boolean
  /** Fields in a row. */
  columns?: number
  /** Keys not shown: chosen elsewhere on the screen. */
  omit?: readonly string[]
}

export function ConfigForm({
  fields,
  values,
  onChange,
  errors = {},
  disabled,
  columns = 2,
  omit = [],
}: ConfigFormProps) {
  const [open, setOpen] = useState(false)
  const regionId = useId()
  const shown = Object.entries(fields).filter(([key]) => !omit.includes(key))
  const basic = shown.filter(([, field]) => field.level === 'basic')
  const advanced = shown.filter(([, field]) => field.level === 'advanced')
  const found = { ...errors, ...configErrors(fields, values) }
  const wrongInside = advanced.filter(([key]) => found[key]).length
  const changedInside = advanced.filter(([key, field]) => isChanged(field, values[key])).length

  const input = ([key, field]: [string, Field]) => (
    <ConfigField
      key={key}
      name={key}
      field={field}
      value={Object.hasOwn(values, key) ? values[key] : field.default}
      error={found[key]}
      disabled={disabled}
      onChange={value => onChange({ ...values, [key]: value })}
    />
  )
  return (
    <div>
      <SimpleGrid cols={columns} spacing="xs" verticalSpacing="xs">
        {basic.map(input)}
      </SimpleGrid>
      {advanced.length > 0 && (
        <>
          <UnstyledButton
            mt="xs"
            fz="xs"
            c={wrongInside && !open ? 'red' : 'dimmed'}
            aria-expanded={open}
            aria-controls={regionId}
            onClick={() => setOpen(!open)}
            style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}
          >
            {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
            Advanced{changedInside ? ` · ${changedInside} changed` : ''}
            {wrongInside ? ` · ${wrongInside} to correct` : ''}
          </UnstyledButton>
          <div id={regionId} hidden={!open}>
            {open && (
              <SimpleGrid cols={columns} spacing="xs" verticalSpacing="xs" mt="xs">
                {advanced.map(input)}
              </SimpleGrid>
            )}
          </div>
        </>
      )}
    </div>
  )
}

const isChanged = (field: Field, value: unknown): boolean =>
  value !== undefined && JSON.stringify(value) !== JSON.stringify(field.default)

interface ConfigFieldProps {
  name: string
  field: Field
  value: unknown
  error: string | undefined
  disabled: boolean | undefined
  onChange: (value: unknown) => void
}

function ConfigField({ name, field, value, error, disabled, onChange }: ConfigFieldProps) {
  const label = (
    <Term
      meaning={`${field.meaning} Default: ${shortDefault(field.default)}${field.unit ? ` ${field.unit}` : ''}.`}
    >
      {field.label}
    </Term>
  )
  const common = { label, error, disabled, 'aria-label': field.label, 'data-field': name }
  const fallback = field.default
  if (field.options)
    return (
      <Select
        {...common}
        data={[...field.options]}
        value={String(value)}
        onChange={choice => onChange(choice)}
      />
    )
  if (typeof fallback === 'boolean')
    return (
      <Checkbox
        {...common}
        mt={22}
        checked={value === true}
        onChange={event => onChange(event.currentTarget.checked)}
      />
    )
  if (Array.isArray(fallback))
    return (
      <Textarea
        {...common}
        style={{ gridColumn: '1 / -1' }}
        description="one per line; \n stands for a line break"
        autosize
        minRows={2}
        maxRows={8}
        value={linesFromTexts(value)}
        onChange={event => onChange(textsFromLines(event.currentTarget.value))}
      />
    )
  if (typeof fallback === 'number')
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' || typeof value === 'string' ? value : ''}
        // An empty or half-typed field stays as it is and carries its error; nothing is put in its place.
        onChange={next => onChange(next)}
        rightSection={hasRoom(field.unit) ? <Unit text={field.unit} /> : undefined}
        rightSectionWidth={hasRoom(field.unit) ? field.unit.length * 6.5 + 14 : undefined}
        rightSectionPointerEvents="none"
      />
    )
  return (
    <TextInput {...common} value={String(value)} onChange={event => onChange(event.currentTarget.value)} />
  )
}

/** A longer unit would cover the number; it stands in the meaning. */
const hasRoom = (unit: string): boolean => unit !== '' && unit.length <= 9

function Unit({ text }: { text: string }) {
  return (
    <span
      style={{
        paddingRight: 8,
        fontSize: 'var(--mantine-font-size-xs)',
        color: 'var(--mantine-color-dimmed)',
      }}
    >
      {text}
    </span>
  )
}

const shortDefault = (value: unknown): string =>
  Array.isArray(value) ? `${value.length} texts` : String(value)

/** A list of texts as lines of a text area; `\n` and `\\` are escaped so that the round trip is exact. */
export const linesFromTexts = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(text => String(text).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n')
    : ''
export const textsFromLines = (lines: string): string[] =>
  lines.split('\n').map(line => line.replace(/\\(\\|n)/g, (_, char: string) => (char === 'n' ? '\n' : '\\')))
