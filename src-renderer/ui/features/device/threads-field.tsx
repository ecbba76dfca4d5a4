// How many CPU threads compute. Applied at once: the engine restarts with them.
import { Select } from '@mantine/core'

const ALL = 'all'

/** Options of the list, all cores first. */
export const threadChoices = (cores: number): { value: string; label: string }[] => [
  { value: ALL, label: cores === 1 ? 'The only core' : `All ${cores} cores` },
  ...Array.from({ length: cores - 1 }, (_, i) => ({
    value: String(cores - 1 - i),
    label: cores - 1 - i === 1 ? '1 thread' : `${cores - 1 - i} threads`,
  })),
]

export function ThreadsField({
  threads,
  cores,
  alone,
  disabled,
  onChange,
}: {
  /** null = as many as cores. */
  threads: number | null
  cores: number
  /** Only one thread can be had here, whatever is chosen. */
  alone: boolean
  disabled: boolean
  onChange: (threads: number | null) => void
}) {
  return (
    <Select
      mt="sm"
      label="CPU threads"
      descriptionProps={{ fz: 'xs' }}
      error={
        alone &&
        'This page computes on one thread: it is not isolated from other sites, so its threads may not share memory. Open the lab at the address that it printed, in a current browser.'
      }
      description="When the CPU computes. Fewer leave cores for other work; the results are the same, bit for bit."
      value={threads === null || threads >= cores ? ALL : String(threads)}
      data={threadChoices(cores)}
      allowDeselect={false}
      disabled={disabled}
      onChange={value => onChange(value === ALL ? null : Number(value))}
    />
  )
}
