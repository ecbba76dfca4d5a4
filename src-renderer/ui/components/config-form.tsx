// A form made from a Fields table (src-shared/config/field.ts): label, unit, meaning on hover, an error at its field.
// Basic fields are always shown, advanced ones fold out. What a person typed stays, even where it is wrong.
import { Checkbox, Select, SimpleGrid, TextInput, UnstyledButton } from '@mantine/core'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, useCallback, useId, useLayoutEffect, useRef, useState } from 'react'
import * as v from 'valibot'
import type { Field, Fields } from '../../../src-shared/config/field.ts'
import { NumberField } from './number-field.tsx'
import { Term } from './term.tsx'
import { TextsField } from './texts-field.tsx'

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
const wordedFor = (value: unknown, message: string): string =>
  typeof value === 'string' && message === 'must be a number'
    ? 'a number is needed, such as 2000 or 3e-4'
    : message

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

  const latest = useRef({ values, onChange })
  useLayoutEffect(() => {
    latest.current = { values, onChange }
  })
  const change = useCallback((key: string, value: unknown) => {
    latest.current.onChange({ ...latest.current.values, [key]: value })
  }, [])

  const input = ([key, field]: [string, Field]) => (
    <ConfigField
      key={key}
      name={key}
      field={field}
      value={Object.hasOwn(values, key) ? values[key] : field.default}
      error={found[key]}
      disabled={disabled}
      onChange={change}
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
  onChange: (name: string, value: unknown) => void
}

/** Forms stand beside figures that change twice a second; a field is drawn anew only when it changes itself. */
const ConfigField = memo(function ConfigField(props: ConfigFieldProps) {
  const { name, field, value, error, disabled } = props
  const onChange = (changed: unknown) => props.onChange(name, changed)
  const meaning = `${field.meaning} Default: ${shortDefault(field.default)}${field.unit ? ` ${field.unit}` : ''}.`
  const common = {
    label: (
      <Term meaning={meaning} focusable={false}>
        {field.label}
      </Term>
    ),
    error,
    disabled,
    'aria-label': field.label,
    'aria-description': meaning,
    'data-field': name,
  }
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
      <TextsField
        {...common}
        style={{ gridColumn: '1 / -1' }}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={onChange}
      />
    )
  if (typeof fallback === 'number')
    return (
      <NumberField
        {...common}
        value={typeof value === 'number' ? value : String(value)}
        unit={hasRoom(field.unit) ? field.unit : undefined}
        onChange={onChange}
      />
    )
  return (
    <TextInput {...common} value={String(value)} onChange={event => onChange(event.currentTarget.value)} />
  )
})

/** A longer unit would cover the number; it stands in the meaning. */
const hasRoom = (unit: string): boolean => unit !== '' && unit.length <= 9

const shortDefault = (value: unknown): string =>
  Array.isArray(value) ? `${value.length} texts` : String(value)
