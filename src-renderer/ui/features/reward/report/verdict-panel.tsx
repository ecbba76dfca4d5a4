// The verdict: the light, what it can and cannot judge in a sentence, the reasons with what to do; what is well folds.
import { Box, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Verdict } from '../../../../../src-shared/contract/reward-contract.ts'
import { PlainText } from '../../../components/plain-text.tsx'
import { LightShape, lightText } from '../../../components/verdict-light.tsx'
import { formatCounted } from '../../../format.ts'

type Reason = Verdict['reasons'][number]

export function VerdictPanel({ verdict }: { verdict: Verdict }) {
  const [open, setOpen] = useState(false)
  const well = verdict.reasons.filter(reason => reason.level === 'green')
  const wanting = verdict.reasons.filter(reason => reason.level !== 'green')
  return (
    <section aria-label="Verdict">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <LightShape level={verdict.level} size={30} />
        <Box miw={0}>
          <Text fw={600} fz="lg" lh={1.2}>
            {lightText(verdict.level)}
          </Text>
          <Text fz="sm" mt={2}>
            <PlainText text={verdict.summary} />
          </Text>
        </Box>
      </Group>
      {wanting.length > 0 && <Reasons label="What stands against it" reasons={wanting} />}
      {well.length > 0 && (
        <>
          <Button
            mt="xs"
            variant="subtle"
            size="compact-xs"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide what is well' : `${formatCounted(well.length, 'thing is', 'things are')} well`}
          </Button>
          {open && <Reasons label="What is well" reasons={well} />}
        </>
      )}
    </section>
  )
}

function Reasons({ label, reasons }: { label: string; reasons: readonly Reason[] }) {
  return (
    <Stack component="ul" gap={8} m={0} mt="sm" p={0} style={{ listStyle: 'none' }} aria-label={label}>
      {reasons.map(({ level, text, fix }) => (
        <li key={text}>
          <Group gap={8} wrap="nowrap" align="flex-start">
            <Box mt={2}>
              <LightShape level={level} size={14} />
            </Box>
            <Box miw={0} fz="sm">
              <span className="visually-hidden">{`${level}: `}</span>
              <PlainText text={text} />
              {fix && (
                <Text fz="xs" c="dimmed" mt={1}>
                  What to do: <PlainText text={fix} />.
                </Text>
              )}
            </Box>
          </Group>
        </li>
      ))}
    </Stack>
  )
}
