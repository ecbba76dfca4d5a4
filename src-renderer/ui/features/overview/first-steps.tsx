// First start: two doors, the whole way at once or one's own text; behind the first lies a side door, phase by phase.
import { Anchor, Text } from '@mantine/core'
import { FolderDown, Orbit } from 'lucide-react'
import type { ReactNode } from 'react'
import * as v from 'valibot'
import { useApp } from '../../app-state.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { toast } from '../../components/toast.tsx'
import { finishedJob } from '../../finished-job.ts'
import { importFiles, pickFiles } from '../../import-drop.ts'
import { call } from '../../lab.ts'
import { useAction, useQuery } from '../../queries.ts'
import { STARTER_SEED } from '../../starter-world.ts'
import { aboutMinutes, baseWords } from './build/build-words.ts'
import { type ExpectedMinutes, StartBuild } from './build/start-build.tsx'
import classes from './overview.module.css'

/** The part of the job's result that the recipe needs. */
const starterWorld = v.object({ corpora: v.array(v.object({ corpus: v.string(), weight: v.number() })) })

/** @param made the starter world is there already: what is left is to train on it */
export function FirstSteps({ made, expected }: { made: boolean; expected: ExpectedMinutes | undefined }) {
  const { askRecipe, newRun } = useApp()
  const jobs = useQuery('jobs.list', {}).data ?? []
  const create = useAction(async () => {
    const { job } = await call('starterWorld.create', { seed: STARTER_SEED })
    openRecipe(await finishedJob(job))
    toast('success', 'The starter world is ready and the recipe is filled in. Press Start to train on it.')
  })
  const openRecipe = (result: unknown) =>
    askRecipe({ preset: 'starter-world', sources: v.parse(starterWorld, result).corpora })
  const toStart = () => {
    const job = jobs.find(each => each.kind === 'starter-world' && each.state === 'done')
    if (job) openRecipe(job.result)
    // Made before the lab was last started: its corpora stand in the recipe's list of sources.
    else newRun()
  }
  return (
    <section className={classes.doors} aria-label="First steps">
      <Door
        icon={<Orbit size={22} strokeWidth={1.5} aria-hidden />}
        title={`Build all four with the starter world${expected ? `, ${aboutMinutes(expected.standard)} on this device` : ''}`}
      >
        An invented archipelago with people, animals and places; then base, fine-tuned model, reward model and
        RLHF, one after the other, and a report of what each phase brought. It goes on wherever it is cut off.
        {expected && <StartBuild expected={expected} />}
        <div>
          Or phase by phase:{' '}
          {made ? (
            <Anchor component="button" type="button" fz="sm" onClick={toStart}>
              Go to Start
            </Anchor>
          ) : (
            <Anchor
              component="button"
              type="button"
              fz="sm"
              aria-disabled={create.busy}
              onClick={() => void (create.busy || create.run())}
            >
              Make the starter world
            </Anchor>
          )}
          {baseWords(made, expected?.base)}
        </div>
        <ErrorNote error={create.error} onClose={create.clear} />
      </Door>
      <Door
        icon={<FolderDown size={22} strokeWidth={1.5} aria-hidden />}
        title="Drop your own text"
        button={
          <ActionButton variant="default" onClick={() => void pickFiles().then(importFiles)}>
            Choose files
          </ActionButton>
        }
      >
        Files or whole folders, anywhere on this window: text, Markdown, HTML, EPUB, PDF, JSONL, CSV, Parquet.
        Nothing leaves this device.
      </Door>
    </section>
  )
}

function Door({
  icon,
  title,
  button,
  children,
}: {
  icon: ReactNode
  title: string
  button?: ReactNode
  children: ReactNode
}) {
  return (
    <div className={classes.door}>
      {icon}
      <div>
        <h2>{title}</h2>
        <Text fz="sm" c="dimmed" component="div">
          {children}
        </Text>
      </div>
      {button}
    </div>
  )
}
