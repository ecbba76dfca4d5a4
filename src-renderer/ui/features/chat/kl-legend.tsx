// What the shades of KL mean, each beside its name.
import { Group, Text } from '@mantine/core'
import classes from './kl.module.css'
import { klShades } from './token-colors.ts'

export function KlLegend() {
  return (
    <Group gap="sm" mt={4}>
      {klShades.map(({ shade, name }) => (
        <Text key={shade} span fz="xs" c="dimmed">
          <span
            aria-hidden
            className={classes[shade]}
            style={{
              display: 'inline-block',
              width: 12,
              height: 12,
              marginInlineEnd: 5,
              verticalAlign: -1,
              outline: '1px solid var(--lab-line-strong)',
            }}
          />
          {name}
        </Text>
      ))}
    </Group>
  )
}
