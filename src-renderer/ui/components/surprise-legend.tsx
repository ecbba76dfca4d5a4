// What the shades of surprise mean, each beside its name.
import { Group, Text } from '@mantine/core'
import classes from './surprise.module.css'
import { surpriseNames } from './surprise.ts'

export function SurpriseLegend() {
  return (
    <Group gap="sm" mt={4}>
      {surpriseNames.map((name, level) => (
        <Text key={name} span fz="xs" c="dimmed">
          <span
            aria-hidden
            className={classes[`surprise${level}`]}
            style={{
              display: 'inline-block',
              width: 12,
              height: 12,
              marginInlineEnd: 5,
              verticalAlign: -1,
              border: '1px solid var(--lab-line-strong)',
            }}
          />
          {name}
        </Text>
      ))}
    </Group>
  )
}
