// Building all four with one click: how large, from which seed, and how long it will take here.
import { Group, SegmentedControl, Text } from '@mantine/core'
import { useId, useState } from 'react'
import type { BuildSize } from '../../../../../src-shared/contract/build-contract.ts'
import type { LabMethods } from '../../../../../src-shared/contract/lab-contract.ts'
import type { OutputOf } from '../../../../../src-shared/contract/method.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { call } from '../../../lab.ts'
import { refetchQuery, useAction } from '../../../queries.ts'
import { STARTER_SEED } from '../../../starter-world.ts'
import classes from './build.module.css'
import { aboutMinutes, seedProblem } from './build-words.ts'

export type ExpectedMinutes = OutputOf<LabMethods['build.show']>['expectedMinutes']

const sizeMeanings: Readonly<Record<BuildSize, string>> = {
  standard: 'Models of 0.7 M parameters that learn the world',
  smallest: 'Every step at its least, to see the way; next to nothing is learnt in it',
}

export function StartBuild({
  expected,
  busy,
  label = 'Build all four',
  firstSeed = STARTER_SEED,
}: {
  expected: ExpectedMinutes
  /** Why nothing can be started now. */
  busy?: string | null
  label?: string
  /** That stands there before another is typed. */
  firstSeed?: number
}) {
  const [size, setSize] = useState<BuildSize>('standard')
  const [seed, setSeed] = useState<number | string>(firstSeed)
  const sizeLabel = useId()
  const problem = seedProblem(seed)
  const start = useAction(async () => {
    await call('build.start', { seed: seed as number, size })
    await refetchQuery('build.show', {})
  })
  return (
    <div className={classes.start}>
      <Group gap="sm" align="end" wrap="wrap">
        <div>
          <div id={sizeLabel} className={classes.label}>
            Size
          </div>
          <SegmentedControl
            size="xs"
            aria-labelledby={sizeLabel}
            value={size}
            onChange={value => setSize(value as BuildSize)}
            data={[
              { value: 'standard', label: 'Standard' },
              { value: 'smallest', label: 'Smallest' },
            ]}
          />
        </div>
        <NumberField label="Seed" size="xs" w={90} value={seed} onChange={setSeed} error={problem !== null} />
        <ActionButton loading={start.busy} disabledReason={busy ?? problem} onClick={() => void start.run()}>
          {label}
        </ActionButton>
      </Group>
      <Text fz="xs" c="dimmed" role="status">
        {sizeMeanings[size]}, {aboutMinutes(expected[size])}
      </Text>
      <ErrorNote error={start.error} onClose={start.clear} />
    </div>
  )
}
