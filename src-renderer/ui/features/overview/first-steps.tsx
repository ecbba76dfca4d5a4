// First start: two doors. Behind both lies phase 1.
import { Text } from '@mantine/core'
import { FolderDown, Orbit } from 'lucide-react'
import type { ReactNode } from 'react'
import * as v from 'valibot'
import { flopsPerToken, parseModelShape, resolveModel } from '../../../../src-shared/config/model-config.ts'
import { pretrainPresets } from '../../../../src-shared/config/presets.ts'
import { parsePretrainConfig, tokensPerStep } from '../../../../src-shared/config/pretrain-config.ts'
import type { EngineStatus } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { finishedJob } from '../../finished-job.ts'
import { importFiles, pickFiles } from '../../import-drop.ts'
import { call } from '../../lab.ts'
import { useAction } from '../../queries.ts'
import classes from './overview.module.css'

const STARTER_SEED = 1
/** The part of the job's result that the recipe needs. */
const starterWorld = v.object({ corpora: v.array(v.object({ corpus: v.string(), weight: v.number() })) })

export function FirstSteps({ status }: { status: EngineStatus | undefined }) {
  const create = useAction(async () => {
    const { job } = await call('starterWorld.create', { seed: STARTER_SEED })
    const { corpora } = v.parse(starterWorld, await finishedJob(job))
    useApp.getState().askRecipe({ preset: 'starter-world', sources: corpora })
  })
  return (
    <section className={classes.doors} aria-label="First steps">
      <Door
        icon={<Orbit size={22} strokeWidth={1.5} aria-hidden />}
        title="Build with the starter world"
        button={
          <ActionButton loading={create.busy} onClick={() => void create.run()}>
            Make the starter world
          </ActionButton>
        }
      >
        An invented archipelago with people, animals and places, made on this device. Its base model is
        trained in about {starterMinutes(status)}.
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
  button: ReactNode
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

/** Sustained training speed to expect, in FLOP/s, before anything was measured: careful round figures per backend. */
const EXPECTED_FLOPS = { webgpu: 200e9, software: 5e9, wasm: 15e9, cpu: 1e9 } as const

/** Order of magnitude of the starter world's training here: `3 minutes`, `half an hour`. */
export function starterMinutes(status: EngineStatus | undefined): string {
  const preset = pretrainPresets['starter-world']!
  const model = resolveModel(parseModelShape({ ...preset.model }), preset.tokenizer.vocabularySize!)
  const config = parsePretrainConfig({ ...preset.config })
  const flops = flopsPerToken(model) * tokensPerStep(config, model.contextLength) * config.steps
  const device = status?.device
  const speed = EXPECTED_FLOPS[device ? (device.software ? 'software' : device.backend) : 'wasm']
  const minutes = Math.max(1, Math.round(flops / speed / 60))
  return minutes === 1 ? 'a minute' : minutes <= 20 ? `${minutes} minutes` : 'half an hour or more'
}
