// Building all four, offered where something is there already.
import { Text } from '@mantine/core'
import classes from './build.module.css'
import { type ExpectedMinutes, StartBuild } from './start-build.tsx'

export const BuildOffer = ({ expected }: { expected: ExpectedMinutes }) => (
  <section className={classes.offer} aria-label="Build all four">
    <div>
      <h2>Build all four with the starter world</h2>
      <Text fz="sm" c="dimmed">
        Base, fine-tuned model, reward model and RLHF one after the other, with a report at the end. What is
        here stays as it is.
      </Text>
    </div>
    <StartBuild expected={expected} />
  </section>
)
